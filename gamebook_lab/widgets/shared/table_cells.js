// How the passages table shows its columns. Cells are made of text nodes; nothing is parsed as HTML.
import { icon } from "./controls.js";
import { count } from "./counted.js";
import { h } from "./dom.js";
import { MARKERS } from "./map_colors.js";
import { drawing } from "./map_svg.js";

const text = (_row, _cell, value) => h("span", {}, value ?? "");
const number = (_row, _cell, value) => h("span.gb-table-number", {}, value === undefined ? "" : count(value));

function name(_row, _cell, value, _column, item) {
  const start = item.is_start
    ? drawing([{ d: MARKERS.start.d, fill: "var(--gb-table-start)" }, { d: MARKERS.start.glyph, stroke: "#fff", fill: "#fff" }])
    : null;
  return h("span.gb-table-name", { title: value ?? "" }, start, h("span", {}, value ?? ""), start && h("em", {}, "start"));
}

const tags = (_row, _cell, value) =>
  h("span.gb-table-tags", { title: value ?? "" }, ...(value ?? "").split(" ").filter(Boolean).map((tag) => h("span", {}, tag)));

function problems(_row, _cell, value, _column, item) {
  if (!value) return h("span", {}, "");
  return h(`span.gb-table-problems.gb-severity-${item.worst}`, { title: `worst: ${item.worst}` }, icon(item.worst), h("b", {}, count(value)));
}

const VERDICTS = { reachable: ["circle", "reachable"], luck: ["diamond", "by chance"], unreachable: ["error", "unreachable"], unknown: ["ring", "unknown"] };

function verdict(_row, _cell, value) {
  const [marker, words] = VERDICTS[value] ?? [null, ""];
  if (!marker) return h("span", {}, "");
  const { d, glyph } = MARKERS[marker];
  const sign = drawing([{ d, fill: `var(--gb-verdict-${value})` }, ...(glyph ? [{ d: glyph, stroke: "#fff" }] : [])]);
  return h("span.gb-table-verdict", { title: value === "luck" ? "reachable, but something is drawn by chance on every way" : words }, sign, h("span", {}, words));
}

function visits(_row, _cell, value) {
  const words = value === null || value === undefined ? "" : value < 0 ? "∞" : value !== 0 && value < 0.001 ? value.toExponential(1) : String(Number(value.toFixed(3)));
  return h("span.gb-table-number", {}, words);
}

const steps = (_row, _cell, value) => h("span.gb-table-number", {}, value === null || value === undefined ? "" : count(value));

/** Columns of the grid. Fields are those of a Row in table_messages.py. */
export const COLUMNS = [
  { id: "name", name: "Name", field: "name", width: 230, minWidth: 170, sortable: true, editable: true, formatter: name },
  { id: "tags", name: "Tags", field: "tags", width: 150, minWidth: 96, sortable: true, editable: true, formatter: tags },
  { id: "n_words", name: "Words", field: "n_words", width: 76, minWidth: 60, sortable: true, formatter: number, isNumber: true },
  { id: "n_in", name: "In", field: "n_in", width: 56, minWidth: 44, sortable: true, formatter: number, isNumber: true, toolTip: "Choices that lead here" },
  { id: "n_out", name: "Out", field: "n_out", width: 60, minWidth: 48, sortable: true, formatter: number, isNumber: true, toolTip: "Choices that it offers" },
  { id: "n_problems", name: "Problems", field: "n_problems", width: 96, minWidth: 88, sortable: true, formatter: problems, isNumber: true },
  { id: "verdict", name: "Verdict", field: "verdict", width: 108, minWidth: 104, sortable: true, formatter: verdict, toolTip: "Whether a reader can come here, all conditions counted" },
  { id: "shortest", name: "Steps", field: "shortest", width: 66, minWidth: 56, sortable: true, formatter: steps, isNumber: true, toolTip: "Steps of a shortest way here" },
  { id: "expected_visits", name: "Visits", field: "expected_visits", width: 66, minWidth: 56, sortable: true, formatter: visits, isNumber: true, toolTip: "How often a reader who takes all choices alike comes here on average" },
  { id: "kind", name: "Kind", field: "kind", width: 76, minWidth: 60, sortable: true, formatter: text },
  { id: "text", name: "Text", field: "first", width: 420, minWidth: 220, editable: true, formatter: text },
].map((column) => ({ ...column, ...(column.isNumber ? { defaultSortAsc: false, headerCssClass: "gb-table-number", cssClass: "gb-table-number" } : {}) }));
