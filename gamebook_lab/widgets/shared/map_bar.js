// The row of controls above the map.
import { button } from "./controls.js";
import { count } from "./counted.js";
import { h } from "./dom.js";

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
  const labelled = (label, title, onclick) => button({ label, title, onclick, className: "gb-outlined" });
  const symbol = (text, title, onclick) => {
    const made = labelled(text, title, onclick);
    made.setAttribute("aria-label", title);
    made.classList.add("gb-icon-only");
    return made;
  };
  const tick = (text, title, checked, onChange) => {
    const input = h("input", { type: "checkbox", checked, onchange: () => onChange(input.checked) });
    return h("label", { title }, input, text);
  };

  const found = h("span", { className: "gb-map-found", "aria-live": "polite" });
  let total = 0;
  const say = (at) => {
    found.textContent = !search.value ? "" : !total ? "not found" : at < 0 ? `${count(total)} found` : `${count(at + 1)} of ${count(total)}`;
    previous.disabled = next.disabled = !total;
  };
  const step = (by) => total && say(act.next(by));
  const search = h("input.gb-input", {
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
  const previous = symbol("↑", "Previous match (Shift+Enter)", () => step(-1));
  const next = symbol("↓", "Next match (Enter)", () => step(1));
  say(-1);

  const colors = h(
    "select.gb-input",
    { onchange: () => act.color(colors.value) },
    ...[["problem", "Problems"], ["tag", "Tags"], ["depth", "Steps from start"], ["reach", "Reach"]].map(([value, text]) => h("option", { value }, text)),
  );
  const element = h(
    "div",
    { className: "gb-map-bar", role: "toolbar", "aria-label": "Map" },
    h("span", { className: "gb-map-group" }, search, previous, next, found),
    h("span", { className: "gb-map-push" }),
    h("label", {}, "Colour", colors),
    tick("Code passages", "Show scripts, styles and special passages", true, act.code),
    tick("Snap", "Passages that are dragged keep to a grid", true, act.snap),
    labelled("Tidy", "Lay the whole map out anew; can be undone", act.tidy),
    h(
      "span",
      { className: "gb-map-group" },
      symbol("−", "Zoom out (-)", () => act.zoom(1 / 1.4)),
      symbol("+", "Zoom in (+)", () => act.zoom(1.4)),
      labelled("Fit", "Show the whole story (0)", act.fit),
      labelled("Selection", "Zoom to what is selected (S)", act.zoomToSelection),
    ),
  );
  return { element, focusSearch: () => search.select(), search };
}
