// The preview is one page in two parts: the controls, and in a frame of it a page with the widget.
if (location.hash === "#stage") import("./preview/stage.js").then(({ show }) => show());
else import("./preview/controls.js").then(({ show }) => show());
