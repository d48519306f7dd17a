// The row of controls above the map.
import { count, h, svg } from "./dom.js";

const stroke = "currentColor";
const ICONS = {
  minus: [{ d: "M-5 0H5", stroke }],
  plus: [{ d: "M-5 0H5M0-5V5", stroke }],
  up: [{ d: "M-4 2L0-2L4 2", stroke }],
  down: [{ d: "M-4-2L0 2L4-2", stroke }],
};

/**
 * @typedef {object} BarActions
 * @property {(factor: number) => void} zoom
 * @property {() => void} fit
 * @property {() => void} zoomToSelection
 * @property {() => void} tidy
 * @property {(text: string) => number} search returns how many were found
 * @property {(step: number) => number} next goes to the next match; returns its 0-based position
 * @property {() => void} leave the search is over: back to the map
 * @property {(mode: string) => void} color
 * @property {(on: boolean) => void} code
 * @property {(on: boolean) => void} snap
 */

/** @param {BarActions} act */
export function makeBar(act) {
  const iconButton = (name, label, onclick) =>
    h("button", { class: "gb-map-icon", type: "button", title: label, "aria-label": label, onclick }, svg(ICONS[name], { size: 18 }));
  const button = (text, title, onclick) => h("button", { type: "button", title, onclick }, text);
  const tick = (text, title, checked, onChange) => {
    const input = h("input", { type: "checkbox", checked, onchange: () => onChange(input.checked) });
    return h("label", { title }, input, text);
  };

  const found = h("span", { class: "gb-map-found", "aria-live": "polite" });
  let total = 0;
  const say = (at) => {
    found.textContent = !search.value ? "" : !total ? "not found" : at < 0 ? `${count(total)} found` : `${count(at + 1)} of ${count(total)}`;
    previous.disabled = next.disabled = !total;
  };
  const step = (by) => total && say(act.next(by));
  const search = h("input", {
    type: "search",
    placeholder: "Find a passage or tag",
    "aria-label": "Find a passage by its name or tag",
    oninput: () => {
      total = act.search(search.value);
      say(-1);
    },
    onkeydown: (event) => {
      if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
      else if (event.key === "Escape") {
        search.value = "";
        total = act.search("");
        say(-1);
        act.leave();
      } else return;
      event.preventDefault();
    },
  });
  const previous = iconButton("up", "Previous match (Shift+Enter)", () => step(-1));
  const next = iconButton("down", "Next match (Enter)", () => step(1));
  say(-1);

  const colors = h(
    "select",
    { onchange: () => act.color(colors.value) },
    ...[["problem", "Problems"], ["tag", "Tags"], ["depth", "Steps from start"]].map(([value, text]) => h("option", { value }, text)),
  );
  const zoomToSelection = button("Selection", "Zoom to what is selected (S)", act.zoomToSelection);

  const element = h(
    "div",
    { class: "gb-map-bar", role: "toolbar", "aria-label": "Map" },
    h("span", { class: "gb-map-group" }, search, previous, next, found),
    h("span", { class: "gb-map-push" }),
    h("label", {}, "Color", colors),
    tick("Code passages", "Show scripts, styles and special passages", true, act.code),
    tick("Snap", "Passages that are dragged keep to a grid", true, act.snap),
    button("Tidy", "Lay the whole map out anew; can be undone", act.tidy),
    h(
      "span",
      { class: "gb-map-group" },
      iconButton("minus", "Zoom out (-)", () => act.zoom(1 / 1.4)),
      iconButton("plus", "Zoom in (+)", () => act.zoom(1.4)),
      button("Fit", "Show the whole story (0)", act.fit),
      zoomToSelection,
    ),
  );
  return { element, focusSearch: () => search.select(), search };
}
