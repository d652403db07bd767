// Tells the server which answers came and which were really seen; those of one second together.

const TOGETHER_MS = 1_000;
const MOST = 200;

/** Post with `ask`; what could not be told is told again with the next. */
export function createReceipts({ ask }) {
  const due = { delivered: new Set(), read: new Set() };
  let timer = 0;

  function note(kind, ids) {
    ids.forEach((id) => due[kind].add(id));
    if (ids.length && !timer) timer = setTimeout(flush, TOGETHER_MS);
  }

  async function flush(keepalive = false) {
    clearTimeout(timer);
    timer = 0;
    const [delivered, read] = [take("delivered"), take("read")];
    if (!delivered.length && !read.length) return;
    const body = { delivered: delivered.filter((id) => !read.includes(id)), read };
    try {
      await ask("POST", "receipts", { body, keepalive });
    } catch (error) {
      if (!error.passes) return;
      delivered.forEach((id) => due.delivered.add(id));
      read.forEach((id) => due.read.add(id));
      timer ||= setTimeout(flush, 10 * TOGETHER_MS);
    }
  }

  function take(kind) {
    const ids = [...due[kind]].slice(0, MOST);
    ids.forEach((id) => due[kind].delete(id));
    return ids;
  }

  return {
    delivered: (ids) => note("delivered", ids),
    read: (ids) => note("read", ids),
    flush,
    forget: () => {
      due.delivered.clear();
      due.read.clear();
    },
  };
}
