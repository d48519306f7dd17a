// A bar between two panes: drag it, move it with the arrow keys, double-click to put it back.
import { h } from "./dom.js";

/**
 * @param {{
 *   axis: "x" | "y", label: string, initial: number, least: number, most: number,
 *   apply: (percent: number) => void, area: () => DOMRect, memory: string,
 * }} options  sizes in percent of the area, `memory` names where this browser remembers it
 */
export function splitter({ axis, label, initial, least, most, apply, area, memory }) {
  const bar = h("div", {
    className: `gb-splitter gb-splitter-${axis}`,
    role: "separator",
    tabIndex: 0,
    "aria-label": label,
    "aria-orientation": axis === "x" ? "vertical" : "horizontal",
    "aria-valuemin": least,
    "aria-valuemax": most,
    title: `${label}: drag, or double-click to put back`,
  });
  let value = initial;
  /** @param {number} wanted */
  function set(wanted) {
    value = Math.min(most, Math.max(least, wanted));
    bar.setAttribute("aria-valuenow", String(Math.round(value)));
    apply(value);
  }
  function keep() {
    remember(memory, value);
  }
  bar.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    bar.setPointerCapture(event.pointerId);
    bar.classList.add("gb-is-dragged");
  });
  bar.addEventListener("pointermove", (event) => {
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const box = area();
    set(axis === "x" ? ((event.clientX - box.left) / box.width) * 100 : ((event.clientY - box.top) / box.height) * 100);
  });
  for (const type of ["pointerup", "pointercancel"]) {
    bar.addEventListener(type, () => {
      bar.classList.remove("gb-is-dragged");
      keep();
    });
  }
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -2, ArrowUp: -2, ArrowRight: 2, ArrowDown: 2 }[event.key];
    if (!step) return;
    event.preventDefault();
    set(value + step);
    keep();
  });
  bar.addEventListener("dblclick", () => {
    set(initial);
    keep();
  });
  set(recall(memory) ?? initial);
  return bar;
}

/** @param {string} name @returns {number | null} */
function recall(name) {
  try {
    const value = Number.parseFloat(localStorage.getItem(`gamebook-lab.${name}`) ?? "");
    return Number.isFinite(value) ? value : null;
  } catch {
    return null; // storage may be forbidden: the default serves
  }
}

/** @param {string} name @param {number} value */
function remember(name, value) {
  try {
    localStorage.setItem(`gamebook-lab.${name}`, String(value));
  } catch {
    // as above
  }
}
