// The app in the frame: what the engine knows, shown by the view.
import { start } from "./engine/start.js";
import { createPanel } from "./view/panel.js";
import { createTheme } from "./view/theme.js";

const { bridge, talk } = await start();
const theme = createTheme();
const panel = createPanel({
  talk,
  theme,
  root: document.getElementById("panel"),
  close: bridge.close,
  startAgain: () => location.reload(),
});

bridge.on("shown", ({ size }) => panel.shown(size));
bridge.on("hidden", panel.hidden);
bridge.on("colour-scheme", ({ mode }) => theme.follow(mode));
