// The row above the table: what to look for, and how many passages are left.
import { button } from "./controls.js";
import { count } from "./counted.js";
import { h } from "./dom.js";
import { refill } from "./redraw.js";

const PROBLEMS = [["", "Any"], ["any", "With problems"], ["error", "Errors"], ["warning", "Warnings"], ["info", "Info only"], ["none", "Without problems"]];
const VERDICTS = [["", "Any"], ["reachable", "Reachable"], ["luck", "Only by chance"], ["unreachable", "Unreachable"], ["unknown", "Unknown"]];
const TYPING = 140; // ms without a keystroke until the rows are asked for

/** @param {() => void} onChange */
export function makeFilters(onChange) {
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, TYPING);
  };
  const search = h("input.gb-input", {
    type: "search",
    placeholder: "Filter by name, tag or text",
    "aria-label": "Filter by name, tag or text",
    oninput: later,
    onkeydown: (event) => {
      if (event.key === "Escape" && search.value) {
        search.value = "";
        onChange();
        event.preventDefault();
      }
    },
  });
  const select = (options) => h("select.gb-input", { onchange: onChange }, ...options.map(([value, text]) => h("option", { value }, text)));
  const kind = select([["", "Any"]]);
  const tag = select([["", "Any"]]);
  const problem = select(PROBLEMS);
  const verdict = select(VERDICTS);
  const clear = button({ label: "Clear", title: "Clear all filters (Esc)", className: "gb-outlined", onclick: () => reset() });
  const line = h("span.gb-table-count", { role: "status", "aria-live": "polite" });
  const element = h(
    "div.gb-table-bar",
    { role: "search", "aria-label": "Filter the passages" },
    search,
    h("label", {}, "Kind", kind),
    h("label", {}, "Tag", tag),
    h("label", {}, "Problems", problem),
    h("label", {}, "Verdict", verdict),
    clear,
    h("span.gb-table-push", {}),
    line,
  );

  const value = () => ({ text: search.value, kind: kind.value, tag: tag.value, problem: problem.value, verdict: verdict.value });
  const isOn = () => Object.values(value()).some(Boolean);
  function reset() {
    for (const control of [search, kind, tag, problem, verdict]) control.value = "";
    onChange();
  }
  /** Offers the values that there are, keeping the one chosen. @param {HTMLSelectElement} control @param {{value: string, n: number}[]} counts */
  function offer(control, counts) {
    const chosen = control.value;
    const known = counts.some((each) => each.value === chosen) || !chosen;
    const wanted = [{ value: "", n: 0 }, ...counts, ...(known ? [] : [{ value: chosen, n: 0 }])];
    if (refill(control, wanted, () => wanted.map((each) => h("option", { value: each.value }, each.value ? `${each.value} (${count(each.n)})` : "Any")))) control.value = chosen;
  }
  return {
    element,
    value,
    reset,
    isOn,
    focus: () => search.select(),
    /** Says something where the number of rows stands. @param {string} text */
    tell: (text) => (line.textContent = text),
    /** Tags that there are. @returns {string[]} */
    tags: () => [...tag.options].map((option) => option.value).filter(Boolean),
    /** @param {{n: number, total: number, kinds: {value: string, n: number}[], tags: {value: string, n: number}[]}} order */
    show(order) {
      offer(kind, order.kinds);
      offer(tag, order.tags);
      clear.disabled = !isOn();
      const all = `${count(order.total)} ${order.total === 1 ? "passage" : "passages"}`;
      line.textContent = order.n === order.total ? all : `${count(order.n)} of ${all}`;
    },
    close: () => clearTimeout(timer),
  };
}
