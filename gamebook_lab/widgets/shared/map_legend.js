// Says what the colours and marks on the map mean.
import { MARKERS, ramp } from "./map_colors.js";
import { count } from "./counted.js";
import { h } from "./dom.js";
import { drawing } from "./map_svg.js";

/** @param {string} name @param {string} color */
function icon(name, color) {
  const { d, glyph } = MARKERS[name];
  const paths = [{ d, fill: color }];
  if (glyph) paths.push({ d: glyph, stroke: "#fff", fill: name === "start" ? "#fff" : "none" });
  return drawing(paths);
}

const row = (sign, label, n = null) =>
  h("li", {}, sign, h("span", { className: "gb-map-label" }, label), n === null ? null : h("span", { className: "gb-map-count" }, count(n)));

/**
 * @param {HTMLElement} element filled anew
 * @param {import("./map_model.js").MapModel} model
 * @param {import("./map_colors.js").Scheme} scheme
 * @param {import("./map_theme.js").Theme} theme
 * @param {boolean} showsCode
 */
export function fillLegend(element, model, scheme, theme, showsCode) {
  const rows = scheme.meanings.map((meaning) => row(icon(meaning.marker, meaning.color), meaning.label, meaning.count));
  if (scheme.mode === "problem" && !scheme.meanings.some((meaning) => meaning.count)) rows.splice(0, 3, row(drawing([]), model.severity ? "no problems found" : "checking for problems …"));
  if (scheme.mode === "tag" && !rows.length) rows.push(row(drawing([]), "no passage has tags"));
  const parts = [];
  if (scheme.mode === "reach" && model.reachNote) parts.push(h("p", { className: "gb-map-note-line" }, model.reachNote));
  if (scheme.mode === "coverage" && model.coverage) parts.push(h("p", { className: "gb-map-note-line" }, `passages by how many of ${count(model.coverage.total)} ${model.coverage.what} came there`));
  if (scheme.mode === "depth" && scheme.deepest >= 0) {
    const bar = h("i");
    const stops = Array.from({ length: 6 }, (_, i) => ramp(i / 5));
    bar.style.background = `linear-gradient(90deg, ${stops.join(",")})`;
    parts.push(h("div", { className: "gb-map-ramp" }, h("span", {}, "0"), bar, h("span", {}, `${count(scheme.deepest)} steps from the start`)));
  }
  if (rows.length) parts.push(h("ul", {}, ...rows));
  const signs = [];
  if (model.start !== null) signs.push(row(icon("start", theme.start), "start"));
  const broken = model.brokenCount;
  if (broken) signs.push(row(drawing([{ d: "M0-9V2M-4 0L4 8M4 0L-4 8", stroke: theme.error }]), broken === 1 ? "broken link" : "broken links", broken));
  const code = model.kinds.filter((kind) => kind !== "story").length;
  if (code && showsCode) {
    const box = drawing([{ d: "M-7-7H7V7H-7Z", stroke: theme.border, width: 1.6 }], "3 3");
    signs.push(row(box, "code, not shown to readers", code));
  }
  if (signs.length) parts.push(h("hr"), h("ul", {}, ...signs));
  const summary = element.querySelector("summary") ?? h("summary", {}, "Legend"); // it stays: somebody may just press it
  if (!summary.parentNode) element.append(summary);
  while (summary.nextSibling) summary.nextSibling.remove();
  element.append(...parts);
}
