// What is said in a thread, and what must go with it: the topic, and the answers to the form.
import { isStored } from "./message.js";

/** What was sent is held for a while, for who has to change something of it. */
const MOST_HELD = 20;

/** Whether the server has anything of a thread. */
export function hasStored(state, thread) {
  return (state.messages[thread.id] ?? [thread.last]).some((one) => one && isStored(one));
}

/**
 * Make what sends for the view.
 * @param {object} talk
 * @param {{correct: function(object): void, problem: function(Error): void}} told `correct` opens
 *   the form again with the server's problems
 */
export function createSaying(talk, { correct, problem }) {
  const drafts = new Map();
  const said = new Map();
  let fields = null;

  /** The unsent words of a thread. */
  function draftOf(thread) {
    if (!drafts.has(thread)) drafts.set(thread, { text: "", topic: "" });
    return drafts.get(thread);
  }

  /** Whether the form has still to be filled in before anything is said. */
  function asksFields(state) {
    return state.settings.fields.length > 0 && !fields && isFirst(state);
  }

  function isFirst(state) {
    return !state.threads.some((one) => hasStored(state, one));
  }

  async function send(thread, what) {
    const whole = { text: "", files: [], ...what };
    if (fields && isFirst(talk.state)) whole.fields = fields;
    if (!whole.topic) delete whole.topic;
    try {
      const id = await talk.send(thread, whole);
      said.set(id, { thread, what: whole });
      if (said.size > MOST_HELD) said.delete(said.keys().next().value);
    } catch (refused) {
      problem(refused);
    }
  }

  /** Ask for the answers again that the server refused, then send the same once more. */
  function again(message) {
    const before = said.get(message.client_id);
    const thread = before?.thread ?? message.thread;
    const words = message.parts.find((one) => one.is === "text")?.text ?? "";
    correct({
      thread,
      problems: message.problem.problems,
      values: fields ?? {},
      done(given) {
        fields = given;
        talk.discard(message.client_id);
        send(thread, before?.what ?? { text: words });
      },
    });
  }

  /** Take back what was not sent; its words return to the composer if that is empty. */
  function discard(message) {
    const draft = draftOf(message.thread);
    const what = said.get(message.client_id)?.what;
    if (!draft.text && what?.text) draft.text = what.text;
    talk.discard(message.client_id);
  }

  function keepFields(given) {
    fields = given;
  }

  return { draftOf, asksFields, keepFields, send, again, discard };
}
