// The search box in the toolbar: type, and jump to a passage by its name or its text.
import { icon } from "./controls.js";
import { h } from "./dom.js";

const WAIT_MS = 80;

/**
 * @param {{ask: (typed: string) => void, go: (hit: {key: number, span: [number, number] | null}) => void, hint: string}} hooks
 */
export function quickSearch({ ask, go, hint }) {
  let timer = 0;
  let active = 0;
  let typed = ""; // what the hits are of
  let isHurried = false; // Enter was pressed before they came
  /** @type {{key: number, name: string, excerpt: string, span: [number, number] | null}[]} */
  let hits = [];
  const input = h("input", {
    className: "gb-input gb-search-input",
    type: "search",
    placeholder: "Go to passage…",
    title: hint,
    role: "combobox",
    "aria-expanded": "false",
    "aria-label": "Find a passage by name or text",
    autocomplete: "off",
    spellcheck: false,
  });
  const list = h("div", { className: "gb-hits", role: "listbox", hidden: true });
  const element = h("div", { className: "gb-search" }, icon("find"), input, list);

  input.addEventListener("input", () => {
    isHurried = false;
    clearTimeout(timer);
    timer = setTimeout(look, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      close();
      input.value = "";
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      active = Math.min(hits.length - 1, Math.max(0, active + (event.key === "ArrowDown" ? 1 : -1)));
      draw();
    } else if (event.key === "Enter") {
      if (typed !== input.value || list.hidden) ((isHurried = true), clearTimeout(timer), look());
      else if (hits[active]) choose(hits[active]);
    }
  });
  input.addEventListener("blur", () => close());
  list.addEventListener("mousedown", (event) => event.preventDefault()); // keep the focus, else the list goes before the click

  function choose(hit) {
    close();
    input.value = "";
    go(hit);
  }
  function look() {
    if (input.value.trim()) ask(input.value);
    else close();
  }
  function close() {
    isHurried = false;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    hits = [];
  }
  function draw() {
    const rows = hits.map((hit, index) =>
      h(
        "div",
        { className: `gb-hit ${index === active ? "gb-is-active" : ""}`, role: "option", "aria-selected": String(index === active), onclick: () => choose(hit) },
        h("div", { className: "gb-hit-name" }, hit.name),
        hit.excerpt ? h("div", { className: "gb-hit-excerpt" }, `… ${hit.excerpt} …`) : null,
      ),
    );
    list.replaceChildren(...(rows.length ? rows : [h("div", { className: "gb-hit gb-hit-none" }, "No passage has this name or text")]));
    list.querySelector(".gb-is-active")?.scrollIntoView({ block: "nearest" });
  }
  return {
    element,
    focus: () => (input.focus(), input.select()),
    /** @param {{typed: string, hits: typeof hits}} found */
    show(found) {
      if (found.typed !== input.value || document.activeElement !== input) return;
      ({ typed, hits } = found);
      active = 0;
      if (isHurried && hits.length) return choose(hits[0]);
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      draw();
    },
  };
}
