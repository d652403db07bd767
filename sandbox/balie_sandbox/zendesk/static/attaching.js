// Files that wait to go with the next answer: chosen ones are attached, pasted images go inline.
import { at, button, make, sizeWord, texts } from "./page.js";

let waiting = [];

function show() {
  const chips = waiting.map(({ file }, place) => {
    const chip = make("li", "", `${file.name} · ${sizeWord(file.size)} `);
    const drop = make("button", "", "×");
    drop.type = "button";
    drop.setAttribute("aria-label", `${texts.remove} ${file.name}`);
    drop.addEventListener("click", () => {
      waiting.splice(place, 1);
      show();
    });
    chip.append(drop);
    return chip;
  });
  at("chips").replaceChildren(...chips);
}

export const hasFiles = () => waiting.length > 0;

// Gives the files up; whoever takes them puts them back when the answer fails.
export function takeFiles() {
  const taken = waiting;
  waiting = [];
  show();
  return taken;
}

export function putBack(files) {
  waiting = [...files, ...waiting];
  show();
}

export function formOf(fields, files) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const { name, file } of files) form.append(name, file, file.name);
  return form;
}

button("attach").addEventListener("click", () => at("files").click());
at("files").addEventListener("change", () => {
  waiting.push(...[...at("files").files].map((file) => ({ name: "files", file })));
  at("files").value = "";
  show();
});
at("body").addEventListener("paste", (event) => {
  const images = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
  if (!images.length) return;
  event.preventDefault();
  waiting.push(...images.map((file) => ({ name: "images", file })));
  show();
});
