// The engine alone, without a view: what the tests of the engine act on.
import { start } from "./engine/start.js";

window.heard = [];
addEventListener("message", ({ data }) => window.heard.push(data));
const { bridge, talk } = await start();
window.bridge = bridge;
window.states = [];
talk.addEventListener("change", () => window.states.push(talk.state));
talk.addEventListener("change", () => {
  if (talk.state.phase !== "loading") window.talk = talk;
});
bridge.on("seen", ({ thread }) => talk.seen(thread));
