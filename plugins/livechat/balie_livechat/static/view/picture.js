// A picture, large. It is only ever an image: what is in it cannot run.
import { button, el } from "./dom.js";
import { icon } from "./icons.js";
import { openDialog } from "./dialog.js";
import { saveAs } from "./saving.js";

/** Show a picture whole, and let it be saved. */
export function showPicture(ui, { src, alt, name }) {
  const save = button([icon("download"), ui.t("download")], () => saveAs(src, name || "image"), {
    class: "button quiet",
  });
  openDialog(ui, {
    title: alt,
    kind: "large",
    body: [el("img", { src, alt, class: "large-picture" })],
    actions: [save],
  });
}
