// Files of messages, fetched with the token and shown from memory: their addresses hold no secret.

const MOST = 40;

/** Fetch with `ask`. The files used longest ago are let go. */
export function createBlobs({ ask }) {
  const held = new Map();

  async function url(href) {
    const found = held.get(href) ?? fetched(href);
    held.delete(href);
    held.set(href, found);
    if (held.size > MOST) letGo(held.keys().next().value);
    return found;
  }

  function fetched(href) {
    const making = ask("GET", href, { raw: true, patienceMs: 0 })
      .then((response) => response.blob())
      .then((blob) => URL.createObjectURL(blob));
    making.catch(() => held.delete(href));
    return making;
  }

  function letGo(href) {
    held.get(href)?.then(URL.revokeObjectURL, () => {});
    held.delete(href);
  }

  return { url, forget: () => [...held.keys()].forEach(letGo) };
}
