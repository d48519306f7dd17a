// What colours mean on the map. Every meaning has a shape as well, so that none hangs on colour alone.
// The hues are Okabe and Ito's, made for colour-blind readers; depth uses cividis.

/** Shapes around 0, 0 that reach 8 out; `glyph` is drawn on top in the contrasting colour. */
export const MARKERS = {
  error: { d: "M-3.3-8H3.3L8-3.3V3.3L3.3 8H-3.3L-8 3.3V-3.3Z", glyph: "M-3-3L3 3M3-3L-3 3" },
  warning: { d: "M0-8L8.6 7.2H-8.6Z", glyph: "M0-2.6V2M0 4.6V4.8" },
  info: { d: "M8 0A8 8 0 1 1-8 0A8 8 0 1 1 8 0Z", glyph: "M0-.4V4M0-4V-3.8" },
  start: { d: "M8 0A8 8 0 1 1-8 0A8 8 0 1 1 8 0Z", glyph: "M-2-3.6L3.6 0L-2 3.6Z" },
  circle: { d: "M7 0A7 7 0 1 1-7 0A7 7 0 1 1 7 0Z" },
  square: { d: "M-6.3-6.3H6.3V6.3H-6.3Z" },
  triangle: { d: "M0-7.5L8 6.5H-8Z" },
  diamond: { d: "M0-8.5L8.5 0L0 8.5L-8.5 0Z" },
  plus: { d: "M-2.7-8H2.7V-2.7H8V2.7H2.7V8H-2.7V2.7H-8V-2.7H-2.7Z" },
  down: { d: "M0 7.5L8-6.5H-8Z" },
  bars: { d: "M-7-7H-2V7H-7ZM2-7H7V7H2Z" },
  ring: { d: "M7 0A7 7 0 1 1-7 0A7 7 0 1 1 7 0ZM3.4 0A3.4 3.4 0 1 0-3.4 0A3.4 3.4 0 1 0 3.4 0Z" },
};

const TAG_MARKERS = ["circle", "square", "triangle", "diamond", "plus", "down", "bars"];
const TAG_COLORS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c6bb1"];
const MOST_TAGS = 12;
/** Twine's names for the colours of tags. */
const TWINE_COLORS = {
  red: "#d55e00", orange: "#e69f00", yellow: "#d9c400", green: "#009e73", blue: "#0072b2", purple: "#8c6bb1", gray: "#888888",
};
const SEVERITIES = [
  null,
  { id: "info", label: "Info", color: "#0072b2", marker: "info" },
  { id: "warning", label: "Warning", color: "#e69f00", marker: "warning" },
  { id: "error", label: "Error", color: "#d55e00", marker: "error" },
];
/** By number, as verdict_rows.py has them. Those that need a look come first in the legend. */
const REACH = [
  { label: "unknown", color: "#888888", marker: "ring" },
  { label: "reachable", color: "#56b4e9", marker: "circle" },
  { label: "only after a draw of chance", color: "#e69f00", marker: "diamond" },
  { label: "unreachable", color: "#d55e00", marker: "error" },
  { label: "an ending", color: "#009e73", marker: "square" },
  { label: "may have no ending ahead", color: "#cc79a7", marker: "down" },
];
const UNREACHABLE = 3;
const REACH_ORDER = [UNREACHABLE, 5, 2, 0, 4, 1];
/** From a share on: those that nobody comes to are told apart by whether anybody could. Few to all, light to dark. */
const COVERAGE = [
  { label: "nobody came here", color: "#d55e00", marker: "warning" },
  { label: "unreachable", color: "#888888", marker: "ring" },
  { label: "less than 10 %", color: "#e6c229", marker: "circle", from: 0 },
  { label: "10 % to 50 %", color: "#7fb77e", marker: "triangle", from: 0.1 },
  { label: "50 % and more", color: "#3d8fa8", marker: "square", from: 0.5 },
  { label: "everybody", color: "#4b5fae", marker: "diamond", from: 1 },
];
const CIVIDIS = [[0, 52, 110], [59, 86, 110], [112, 117, 112], [165, 151, 103], [219, 188, 79], [254, 232, 56]];

/**
 * @typedef {object} Meaning one class of passages
 * @property {string} label
 * @property {string} color
 * @property {string|null} marker name in MARKERS
 * @property {number} count
 */

/**
 * @typedef {object} Scheme
 * @property {"problem"|"tag"|"depth"|"reach"|"coverage"} mode
 * @property {Meaning[]} meanings for the legend
 * @property {(slot: number) => Meaning|null} of
 * @property {number} [deepest]
 */

/** @param {import("./map_model.js").MapModel} model @param {Scheme["mode"]} mode @returns {Scheme} */
export function scheme(model, mode) {
  return { problem: byProblem, tag: byTag, depth: byDepth, reach: byReach, coverage: byCoverage }[mode](model);
}

function byProblem(model) {
  const meanings = SEVERITIES.map((severity) => severity && { ...severity, count: 0 });
  const severity = model.severity ?? new Map();
  for (const key of model.keys) {
    const meaning = meanings[severity.get(key) ?? 0];
    if (meaning) meaning.count++;
  }
  return {
    mode: "problem",
    meanings: meanings.filter(Boolean).reverse(),
    of: (slot) => meanings[severity.get(model.keys[slot]) ?? 0],
  };
}

function byTag(model) {
  const counts = new Map();
  for (const tags of model.tags) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const common = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], "en", { numeric: true })).slice(0, MOST_TAGS);
  const meanings = new Map(
    common.map(([tag], i) => {
      const round = Math.floor(i / TAG_COLORS.length); // a colour that comes again has another shape
      const color = TWINE_COLORS[model.tagColors[tag]] ?? TAG_COLORS[i % TAG_COLORS.length];
      return [tag, { label: tag, color, marker: TAG_MARKERS[(i + 3 * round) % TAG_MARKERS.length], count: 0 }];
    }),
  );
  const other = { label: "other tags", color: "#888888", marker: "ring", count: 0 };
  const of = (slot) => {
    const tags = model.tags[slot];
    const known = tags.find((tag) => meanings.has(tag));
    return known !== undefined ? meanings.get(known) : tags.length ? other : null;
  };
  for (const slot of model.keys.keys()) {
    const meaning = of(slot);
    if (meaning) meaning.count++;
  }
  return { mode: "tag", meanings: [...meanings.values(), ...(other.count ? [other] : [])], of };
}

/** Colour of each tag, the same as when passages are coloured by tag. @param {import("./map_model.js").MapModel} model @returns {(tag: string) => string} */
export function tagColor(model) {
  const colors = new Map(byTag(model).meanings.map((meaning) => [meaning.label, meaning.color]));
  return (tag) => colors.get(tag) ?? "#888888";
}

function byDepth(model) {
  const { depth } = model;
  const deepest = depth.reduce((a, b) => Math.max(a, b), 0);
  const unreached = { label: "no link leads here", color: "#888888", marker: "ring", count: 0 };
  const meanings = new Map();
  const of = (slot) => {
    const steps = depth[slot];
    if (steps < 0) return model.kinds[slot] === "story" ? unreached : null;
    if (!meanings.has(steps))
      meanings.set(steps, { label: String(steps), color: ramp(deepest ? steps / deepest : 0), marker: null, count: 0 });
    return meanings.get(steps);
  };
  for (const slot of model.keys.keys()) if (of(slot) === unreached) unreached.count++;
  return { mode: "depth", meanings: unreached.count ? [unreached] : [], of, deepest };
}

function byReach(model) {
  const meanings = REACH.map((meaning) => ({ ...meaning, count: 0 }));
  for (const key of model.keys) {
    const meaning = meanings[model.reach.get(key) ?? -1];
    if (meaning) meaning.count++;
  }
  return {
    mode: "reach",
    meanings: REACH_ORDER.map((at) => meanings[at]).filter((meaning) => meaning.count),
    of: (slot) => meanings[model.reach.get(model.keys[slot]) ?? -1] ?? null,
  };
}

function byCoverage(model) {
  const meanings = COVERAGE.map((meaning) => ({ ...meaning, count: 0 }));
  const { read, total } = model.coverage ?? { read: new Map(), total: 0 };
  const of = (slot) => {
    const key = model.keys[slot];
    const n = read.get(key) ?? 0;
    if (n) return meanings.findLast((meaning) => n / total >= meaning.from);
    if (model.kinds[slot] !== "story") return null;
    return meanings[model.reach.get(key) === UNREACHABLE ? 1 : 0];
  };
  for (const slot of model.keys.keys()) {
    const meaning = of(slot);
    if (meaning) meaning.count++;
  }
  return { mode: "coverage", meanings: meanings.filter((meaning) => meaning.count), of };
}

/** Colour from 0 (near the start) to 1 (deepest). @param {number} share */
export function ramp(share) {
  const at = Math.min(share, 0.9999) * (CIVIDIS.length - 1);
  const [low, high] = [CIVIDIS[Math.floor(at)], CIVIDIS[Math.floor(at) + 1]];
  return `rgb(${low.map((c, i) => Math.round(c + (high[i] - c) * (at % 1))).join(",")})`;
}
