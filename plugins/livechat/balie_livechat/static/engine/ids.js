// Names that this browser makes: of messages and threads.

const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

/** Return 26 random letters: 130 bits, so that no two are ever the same. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(26));
  return Array.from(bytes, (byte) => LETTERS[byte & 31]).join("");
}

/** Return a few letters that stand for a text, where the text itself should not be kept. */
export function markOf(text) {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  }
  return (sum >>> 0).toString(36);
}
