// Colours a story's text as its language understood it; between two answers the colours move along with the typing.
import { RangeSet, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";
import { Offsets } from "./offsets.js";

// Typing at the end of one of these goes on in its colour.
const GROWING = new Set(["target", "variable", "string", "comment", "macro", "number", "code"]);

/** @type {Map<string, Decoration>} */
const marks = new Map();

/** @param {string} kind */
function markOf(kind) {
  let mark = marks.get(kind);
  if (!mark) {
    mark = Decoration.mark({ class: `gb-token gb-token-${kind}`, inclusiveEnd: GROWING.has(kind) });
    marks.set(kind, mark);
  }
  return mark;
}

/**
 * @param {number[]} flat  gap, length, kind triples in code points
 * @param {string[]} kinds @param {string} text  that they were made for
 * @returns {RangeSet<Decoration>}
 */
export function decorate(flat, kinds, text) {
  const offsets = new Offsets(text);
  const builder = new RangeSetBuilder();
  let point = 0;
  for (let index = 0; index < flat.length; index += 3) {
    const start = point + flat[index];
    point = start + flat[index + 1];
    const to = Math.min(offsets.units(point), text.length);
    const from = offsets.units(start);
    if (from < to) builder.add(from, to, markOf(kinds[flat[index + 2]]));
  }
  return builder.finish();
}

const noProse = Decoration.mark({ attributes: { spellcheck: "false" } });

/**
 * What the browser's spell-check leaves alone: macros, variables, names of passages.
 * @param {number[]} flat  gap, length pairs in code points @param {string} text  that they were made for
 * @returns {RangeSet<Decoration>}
 */
export function unchecked(flat, text) {
  const offsets = new Offsets(text);
  const builder = new RangeSetBuilder();
  let point = 0;
  for (let index = 0; index < flat.length; index += 2) {
    const from = offsets.units(point + flat[index]);
    point += flat[index] + flat[index + 1];
    const to = Math.min(offsets.units(point), text.length);
    if (from < to) builder.add(from, to, noProse);
  }
  return builder.finish();
}

/** @returns {[import("@codemirror/state").StateEffectType<RangeSet<Decoration>>, StateField<RangeSet<Decoration>>]} */
function marked() {
  const effect = StateEffect.define();
  const field = StateField.define({
    create: () => Decoration.none,
    update(value, transaction) {
      let now = value.map(transaction.changes);
      for (const each of transaction.effects) if (each.is(effect)) now = each.value;
      return now;
    },
    provide: (field) => EditorView.decorations.from(field),
  });
  return [effect, field];
}

const [setTokens, coloured] = marked();
const [setCode, code] = marked();
export { setCode, setTokens };
export const tokens = [coloured, code];
