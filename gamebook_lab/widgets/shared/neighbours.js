// Passages beside the one that is open: those that lead to it, or those that it leads to, as a row of buttons.
import { icon } from "./controls.js";
import { h } from "./dom.js";
import { visible } from "./visible.js";

const MOST = 30;

/** @typedef {{key: number | null, name: string}} Neighbour  without a key: no passage is named so yet */

/**
 * @param {{name: string, title: string, go: (key: number) => void, make: (name: string) => void, leave: () => void}} hooks
 *   `name` of the icon; `leave`: the button that had the focus is gone, or will be
 */
export function neighbours({ name, title, go, make, leave }) {
  const element = h("div", { className: "gb-neighbours" });
  const head = [icon(name), h("span", { className: "gb-links-title" }, title)];
  const more = h("span", { className: "gb-more" });
  /** @type {{button: HTMLElement, passage: Neighbour}[]} */ const chips = [];

  function chip() {
    let pressed = null;
    const made = { passage: null, button: null };
    made.button = h("button", {
      type: "button",
      onpointerdown: () => (pressed = made.passage),
      onclick: (event) => {
        const { passage } = made;
        if (event.detail && passage !== pressed) return; // it was another passage's when the press began
        if (passage.key !== null) return go(passage.key);
        make(passage.name);
        leave(); // while Python is at it: to move the focus the browser lays the page out, and this button will be another's
      },
    });
    return made;
  }

  /** @param {{button: HTMLElement, passage: Neighbour}} chip @param {Neighbour} passage */
  function fill(chip, passage) {
    if (chip.passage?.key === passage.key && chip.passage.name === passage.name) return;
    const { button } = chip;
    const isMissing = passage.key === null;
    chip.passage = passage;
    button.className = isMissing ? "gb-link gb-is-missing" : "gb-link";
    button.title = visible(isMissing ? `No passage is named “${passage.name}” yet: create it (F12 on the link)` : passage.name);
    button.replaceChildren(...(isMissing ? ["create ", h("span", {}, passage.name)] : [visible(passage.name)]));
  }

  /** @param {Neighbour[]} passages */
  function show(passages) {
    const shown = passages.slice(0, MOST);
    while (chips.length < shown.length) chips.push(chip());
    const gone = chips.splice(shown.length);
    // buttons stay and get other names: who goes from link to link keeps the place, and JupyterLab need not find it a new one
    if (gone.some(({ button }) => button === document.activeElement)) chips.length ? chips.at(-1).button.focus({ preventScroll: true }) : leave();
    for (const { button } of gone) button.remove();
    shown.forEach((passage, at) => fill(chips[at], passage));
    if (!chips.length) return element.replaceChildren();
    const n = passages.length - shown.length;
    more.textContent = `+${n}`;
    more.hidden = !n;
    if (!element.firstChild) element.append(...head, more);
    for (const { button } of chips) if (!button.isConnected || button.parentNode !== element) more.before(button);
  }

  return { element, show };
}
