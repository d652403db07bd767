// Messages of threads as they come: in order, each once, changed ones in place of what they were.

/** Return messages with `found` among them, or the same array where nothing is new. */
export function merged(known, found) {
  const fresh = found.filter((one) => !known.some((other) => isSame(other, one)));
  if (!fresh.length) return known;
  const kept = known.filter((other) => !fresh.some((one) => isOf(other, one)));
  const joined = fresh.map((one) => withOwn(one, known));
  return filed([...kept, ...joined].sort(inOrder));
}

/** Return messages without one of our own that was never sent. */
export function without(known, clientId) {
  return known.filter((one) => one.id !== null || one.client_id !== clientId);
}

/** How many of these an agent wrote and nobody here has read. */
export function unreadIn(messages) {
  return messages.filter((one) => one.by === "agent" && one.state !== "read").length;
}

const STEPS = ["sent", "delivered", "read"];

function isOf(other, one) {
  if (one.id !== null && other.id === one.id) return true;
  return Boolean(one.client_id) && other.client_id === one.client_id;
}

function isSame(other, one) {
  // What comes again, as after a reconnect, is no news; nor is our own that the server has by now.
  if (one.id === null && other.id !== null && isOf(other, one)) return true;
  return other.id !== null && other.id === one.id && (other.place ?? 0) >= (one.place ?? 0)
    && JSON.stringify(other) === JSON.stringify(withOwn(one, [other]));
}

function withOwn(one, known) {
  const before = known.find((other) => isOf(other, one));
  if (!before || one.by !== "agent") return one;
  // What was read here is read, although the server does not know it yet.
  const state = STEPS[Math.max(STEPS.indexOf(before.state), STEPS.indexOf(one.state))] ?? one.state;
  return state === one.state ? one : { ...one, state };
}

function inOrder(a, b) {
  // Our own unsent ones stand last, as they were written: a visitor's clock may be wrong.
  if (a.id === null || b.id === null) {
    if (a.id === null && b.id === null) return a.order - b.order;
    return a.id === null ? 1 : -1;
  }
  // Helpdesks tell whole seconds: what came in the same one is in the order in which it came to us.
  return secondOf(a) - secondOf(b) || Number(a.id) - Number(b.id);
}

function secondOf(message) {
  return Math.floor(Date.parse(message.at) / 1_000);
}

function filed(messages) {
  // Filing is told for the newest of several: an own one before it is filed, too.
  const last = Math.max(...messages.map((one) => (one.state === "filed" ? one.place : -1)));
  const isBefore = (one) => one.by === "customer" && one.state === "sent" && one.place < last;
  return messages.map((one) => (one.id !== null && isBefore(one) ? { ...one, state: "filed" } : one));
}
