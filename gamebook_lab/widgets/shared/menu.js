// Menus that drop from their button: closed by Escape and by leaving them, and inside the widget whatever its width.
import { h } from "./dom.js";

const MARGIN = 6;

/**
 * @param {HTMLElement} summary  the button @param {HTMLElement} items
 * @param {{isRight?: boolean, fill?: () => void, leave?: () => void}} [options]  whether it is flush with the button's right edge, where
 *   there is room; what fills it when it opens; where the focus goes on Escape
 * @returns {HTMLDetailsElement}
 */
export function menu(summary, items, { isRight = false, fill = () => {}, leave = () => summary.focus() } = {}) {
  const details = /** @type {HTMLDetailsElement} */ (h(isRight ? "details.gb-menu.gb-menu-right" : "details.gb-menu", {}, summary, items));
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    leave();
    event.preventDefault();
    event.stopPropagation();
  });
  details.addEventListener("focusout", (event) => event.relatedTarget && !details.contains(event.relatedTarget) && (details.open = false));
  details.addEventListener("toggle", () => details.open && (fill(), place(items, details.closest(".gb-root"))));
  return details;
}

/** Moves a menu that would be cut off; one that is too high scrolls. @param {HTMLElement} items @param {Element} frame */
function place(items, frame) {
  items.style.translate = "";
  const [box, area] = [items.getBoundingClientRect(), frame.getBoundingClientRect()];
  const left = Math.max(area.left + MARGIN, Math.min(box.left, area.right - MARGIN - box.width));
  items.style.translate = `${left - box.left}px`;
  items.style.setProperty("--gb-menu-height", `${area.bottom - MARGIN - box.top}px`);
}
