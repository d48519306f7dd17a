// The row of controls above the map.
import { button } from "./controls.js";
import { count } from "./counted.js";
import { h } from "./dom.js";
import { menu } from "./menu.js";

/**
 * @typedef {object} BarActions
 * @property {(factor: number) => void} zoom
 * @property {() => void} fit
 * @property {() => void} zoomToSelection
 * @property {(by: "links" | "tags") => void} tidy
 * @property {(text: string) => number} search returns how many were found
 * @property {(step: number) => number} next goes to the next match; returns its 0-based position
 * @property {() => void} leave the search is over: back to the map
 * @property {(mode: string) => void} color
 * @property {(on: boolean) => void} code
 * @property {(on: boolean) => void} snap
 * @property {(on: boolean) => void} groups
 * @property {(on: boolean) => void} mini
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

  const choices = (label, ...items) => {
    const details = menu(h("summary.gb-button.gb-outlined", {}, label), h("div.gb-menu-items", {}, ...items));
    details.addEventListener("click", (event) => event.target.closest("button") && (details.open = false));
    return details;
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
  const coverage = h("option", { value: "coverage" }, "Coverage");
  const element = h(
    "div",
    { className: "gb-map-bar", role: "toolbar", "aria-label": "Map" },
    h("span", { className: "gb-map-group" }, search, previous, next, found),
    h("label", { className: "gb-map-push" }, "Colour", colors),
    choices(
      "View",
      tick("Code passages", "Show scripts, styles and special passages", true, act.code),
      tick("Boxes by tag", "Draw a box around the passages of each tag (G)", false, act.groups),
      tick("Minimap", "Show the whole story in a corner (M)", false, act.mini),
      tick("Snap to grid", "Passages that are dragged keep to a grid", true, act.snap),
    ),
    choices(
      "Tidy",
      labelled("By links, in layers", "Lay the whole map out anew by what leads where; can be undone", () => act.tidy("links")),
      labelled("By tag", "The passages of each first tag (say, a chapter) together, each in layers; can be undone", () => act.tidy("tags")),
    ),
    h(
      "span",
      { className: "gb-map-group" },
      symbol("−", "Zoom out (-)", () => act.zoom(1 / 1.4)),
      symbol("+", "Zoom in (+)", () => act.zoom(1.4)),
      labelled("Fit", "Show the whole story (0)", act.fit),
      labelled("Fit selection", "Zoom to selection: show what is selected, as large as it fits (S)", act.zoomToSelection),
    ),
  );
  const toggle = (text) => [...element.querySelectorAll("label")].find((label) => label.textContent === text)?.querySelector("input").click();
  /** Offers to colour by coverage, or does so no more. @param {boolean} on */
  const offerCoverage = (on) => {
    if (on === (coverage.parentNode === colors)) return;
    if (on) colors.append(coverage);
    else coverage.remove();
  };
  const setColor = (mode) => ((colors.value = mode), act.color(mode));
  return { element, offerCoverage, setColor, focusSearch: () => search.select(), search, toggleGroups: () => toggle("Boxes by tag"), toggleMini: () => toggle("Minimap") };
}
