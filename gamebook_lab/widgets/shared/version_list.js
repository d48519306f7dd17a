// A list of versions, newest first, of which one is chosen: with the mouse, or with the arrow keys.
import { h } from "./dom.js";

/** @param {string} label @returns {HTMLElement}  put versions into it, and whatever else */
export const versionList = (label) => h("div", { className: "gb-versions", role: "listbox", tabIndex: 0, "aria-label": label, onkeydown: step });

/** @param {number | string} id @param {(id: number | string) => void} choose @param {...HTMLElement} children */
export function versionRow(id, choose, ...children) {
  return h("div", { className: "gb-version", role: "option", "data-id": String(id), "aria-selected": "false", onclick: () => choose(id) }, ...children);
}

/** @param {HTMLElement} list @returns {HTMLElement[]} */
const versionsOf = (list) => [...list.querySelectorAll(".gb-version")];

/** Show which is chosen. @param {HTMLElement} list @param {number | string | null} id */
export function markVersion(list, id) {
  for (const each of versionsOf(list)) each.setAttribute("aria-selected", String(each.dataset.id === String(id)));
}

/** @param {KeyboardEvent} event */
function step(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const all = versionsOf(event.currentTarget);
  const at = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  next?.scrollIntoView({ block: "nearest" });
  next?.click();
}
