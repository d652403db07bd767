// What a message is put together from.

/**
 * Make a block: `words` stand together in a bubble, `file` has one of its own, `bare` has none.
 * @param {"words"|"file"|"bare"} kind
 * @param {...Node} nodes
 */
export function block(kind, ...nodes) {
  return { kind, nodes };
}
