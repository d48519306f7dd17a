// Buttons and icons, as all widgets have them.
import { h } from "./dom.js";

/** A button with an icon, a label, or both. @param {{icon?: string, label?: string, title?: string, onclick?: (event: MouseEvent) => void, className?: string}} options */
export function button({ icon: name, label, title, onclick, className = "" }) {
  const properties = { type: "button", title: title ?? label, className: `gb-button ${label ? "" : "gb-icon-only"} ${className}` };
  const element = h("button", properties, name ? icon(name) : null, label ? h("span", {}, label) : null);
  if (!label && title) element.setAttribute("aria-label", title);
  if (onclick) element.addEventListener("click", onclick);
  return element;
}

// Strokes of 24 x 24 icons, drawn for this project.
const STROKES = {
  save: ["M5 4h11l3 3v13H5z", "M8 4v5h7V4", "M8 20v-6h8v6"],
  undo: ["M9 6 4 11l5 5", "M4 11h9.5a5 5 0 0 1 0 10H11"],
  redo: ["M15 6l5 5-5 5", "M20 11h-9.5a5 5 0 0 0 0 10H13"],
  plus: ["M12 5v14", "M5 12h14"],
  find: ["M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13z", "M15.5 15.5 20 20"],
  replace: ["M4 8h13", "M14 5l3 3-3 3", "M20 16H7", "M10 13l-3 3 3 3"],
  close: ["M6 6l12 12", "M18 6 6 18"],
  flag: ["M6 21V4", "M6 5h12l-3 4 3 4H6"],
  trash: ["M4 7h16", "M9 7V4h6v3", "M6 7l1 13h10l1-13", "M10 11v5", "M14 11v5"],
  error: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z", "M12 7v6", "M12 16.2v.6"],
  warning: ["M12 4 2.8 20h18.4z", "M12 10v5", "M12 17.2v.4"],
  info: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z", "M12 11v6", "M12 7.4v.4"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  help: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z", "M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.9-1.1 1.8", "M12 16.6v.4"],
  chevron: ["M8 10l4 4 4-4"],
  passage: ["M6 3h9l4 4v14H6z", "M9 11h7", "M9 15h7"],
  incoming: ["M20 12H6", "M11 6l-6 6 6 6"],
  back: ["M15 5l-7 7 7 7"],
  forward: ["M9 5l7 7-7 7"],
  restart: ["M5 5v5h5", "M5.6 10A7.5 7.5 0 1 1 4.5 14"],
  dice: ["M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z", "M8.5 8.5v.01", "M15.5 8.5v.01", "M12 12v.01", "M8.5 15.5v.01", "M15.5 15.5v.01"],
  play: ["M8 5l11 7-11 7z"],
  pause: ["M9 5v14", "M15 5v14"],
  outgoing: ["M4 12h14", "M13 6l6 6-6 6"],
};

/** @param {keyof typeof STROKES} name @returns {SVGElement} */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "gb-icon");
  svg.setAttribute("aria-hidden", "true");
  for (const stroke of STROKES[name]) {
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", stroke);
    svg.append(path);
  }
  return svg;
}
