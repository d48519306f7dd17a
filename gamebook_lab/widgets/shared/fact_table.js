// A plain table of facts: sorted by a click on a heading, filtered by what is typed, opened by a click or Enter.
import { count } from "./counted.js";
import { h } from "./dom.js";
import { redraw } from "./redraw.js";

const MOST = 1000;

/** @typedef {{id: string, cells: (string | number | null)[], key: number | null}} FactRow */
/** @typedef {{title: string, hint?: string, isNumber?: boolean, isLast?: boolean}} FactColumn */

const written = (value) => (value === null ? "" : typeof value === "number" ? (value < 0 ? "∞" : count(value)) : value);

/** @param {{label: string, columns: FactColumn[], open: (row: FactRow) => void, empty: string}} options */
export function factTable({ label, columns, open, empty }) {
  /** @type {FactRow[]} */ let rows = [];
  let sort = { at: -1, isUp: true };
  let filter = "";
  const heads = columns.map((column, at) =>
    h("th", { scope: "col", className: column.isNumber ? "gb-number" : "", title: column.hint ?? "" },
      h("button", { type: "button", onclick: () => ((sort = { at, isUp: sort.at === at ? !sort.isUp : !column.isNumber }), show()) }, column.title)),
  );
  const body = h("tbody");
  const table = h("table", { className: "gb-facts", "aria-label": label }, h("thead", {}, h("tr", {}, ...heads)), body);
  const nothing = h("div", { className: "gb-facts-empty", hidden: true });
  function show() {
    const wanted = filter.trim().toLowerCase();
    let found = rows.filter((row) => !wanted || row.cells.some((cell) => String(cell ?? "").toLowerCase().includes(wanted)));
    if (sort.at >= 0) {
      const key = (row) => (row.cells[sort.at] === -1 ? Infinity : row.cells[sort.at] ?? -Infinity);
      const by = (a, b) => (typeof key(a) === "string" ? String(key(a)).localeCompare(String(key(b)), "en", { numeric: true }) : key(a) - key(b));
      found = [...found].sort((a, b) => (sort.isUp ? by(a, b) : by(b, a)));
    }
    heads.forEach((head, at) => head.setAttribute("aria-sort", at !== sort.at ? "none" : sort.isUp ? "ascending" : "descending"));
    redraw(body, found.slice(0, MOST), line);
    if (found.length > MOST) body.append(h("tr", {}, h("td", { colSpan: columns.length, className: "gb-more" }, `and ${count(found.length - MOST)} more: filter to see them`)));
    table.hidden = !found.length;
    nothing.hidden = Boolean(found.length);
    nothing.textContent = rows.length ? "Nothing matches." : empty;
  }
  /** @param {FactRow} row */
  function line(row) {
    const cells = row.cells.map((cell, at) => {
      const text = written(cell);
      const inside = at === 0 ? h("button", { type: "button", className: "gb-fact-name", title: text }, text) : text;
      return h("td", { className: columns[at].isNumber ? "gb-number" : columns[at].isLast ? "gb-wide" : "", title: at && typeof cell === "string" ? text : "" }, inside);
    });
    return h("tr", { onclick: () => open(row) }, ...cells);
  }
  return {
    element: h("div", { className: "gb-facts-box" }, table, nothing),
    /** @param {FactRow[]} now */
    set(now) {
      rows = now;
      show();
    },
    filter: (text) => ((filter = text), show()),
  };
}
