// Small pictures, drawn for this widget: 24 by 24, in lines.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9l6 6 6-6",
  next: "M9 5l7 7-7 7",
  menu: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M12 19V5M5.5 11.5L12 5l6.5 6.5",
  attach:
    "M20 11.5l-8.2 8.2a5.3 5.3 0 0 1-7.5-7.5l8.6-8.6a3.5 3.5 0 0 1 5 5l-8.5 8.5a1.8 1.8 0 0" +
    " 1-2.5-2.5l7.8-7.8",
  camera: "M4 8h3l1.6-2.5h6.8L17 8h3v11H4zM12 16.5a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6z",
  emoji: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.3 14a4.3 4.3 0 0 0 7.4 0M9 9.5h.01M15 9.5h.01",
  whatsapp:
    "M4 20l1.2-4.2A8.2 8.2 0 1 1 8.3 19zM9 8.8c0 3.2 3 6.2 6.2 6.2l1-1.5-2.1-1.3-.9.8a6" +
    " 6 0 0 1-2.2-2.2l.8-.9L10.5 7.8z",
  phone:
    "M6 4h3.2l1.5 4.2-2 1.5a12 12 0 0 0 5.6 5.6l1.5-2 4.2 1.5V18a2 2 0 0 1-2.2 2A15.5" +
    " 15.5 0 0 1 4 6.2 2 2 0 0 1 6 4z",
  mail: "M4 6h16v12H4zM4.5 7l7.5 6 7.5-6",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.2 2",
  check: "M5 12.5l4.5 4.5L19 7.5",
  checks: "M2.5 12.5L7 17l9-9.5M12 16.5l.5.5 9-9.5",
  alert: "M12 8v5M12 16.5h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
  download: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  place:
    "M12 21c4-4.3 6.5-7.6 6.5-11a6.5 6.5 0 1 0-13 0c0 3.4 2.5 6.7 6.5 11zM12 12.5a2.5 2.5 0" +
    " 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  play: "M8 5.5v13l11-6.5z",
  out: "M13 5h6v6M19 5l-9 9M17 14v5H5V7h5",
};

/** A small picture, drawn in the colour of the words around it; said to nobody. */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  const facts = { viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false", class: "icon" };
  for (const [key, value] of Object.entries(facts)) drawing.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  drawing.append(path);
  // Some point to where a line begins: they turn around where lines begin on the right.
  if (["back", "next", "out"].includes(name)) drawing.classList.add("turns");
  return drawing;
}
