// How texts differ, for reading: words that went are struck, words that came are marked. Always text, never HTML.
import { button } from "./controls.js";
import { h } from "./dom.js";

const AROUND = 90;

/** @typedef {[("same" | "gone" | "come"), string]} Piece */
/** @typedef {{uid: number, name: string, change: string, columns: string, pieces: Piece[]}} Change */

/** @param {Piece[]} pieces */
export function textChange(pieces) {
  return h(
    "div",
    { className: "gb-change-text" },
    ...pieces.map(([kind, text], index) => {
      if (kind === "same") return cut(text, index === 0, index === pieces.length - 1);
      return h(kind === "gone" ? "del" : "ins", { title: kind === "gone" ? "went" : "came" }, text);
    }),
  );
}

/** Leave out what is far from any change. @param {string} text */
export function cut(text, isFirst, isLast) {
  if (text.length <= 2 * AROUND + 30) return text;
  return `${isFirst ? "" : text.slice(0, AROUND)} … ${isLast ? "" : text.slice(-AROUND)}`;
}

/** @param {Change[]} changes @param {{verb: string, act: (change: Change) => void} | null} [action] for each passage */
export function changeList(changes, action = null) {
  return h(
    "div",
    { className: "gb-changes" },
    ...changes.map((change) =>
      h(
        "section",
        { className: "gb-change" },
        h(
          "div",
          { className: "gb-change-head" },
          h("span", { className: `gb-change-kind gb-is-${change.change}` }, change.change),
          h("strong", { title: change.name }, change.name),
          action ? button({ label: action.verb, className: "gb-outlined", onclick: () => action.act(change) }) : null,
        ),
        change.columns ? h("div", { className: "gb-change-columns" }, change.columns) : null,
        change.pieces.length ? textChange(change.pieces) : null,
      ),
    ),
  );
}

/**
 * Two texts of one passage side by side, and three ways on.
 * @param {{conflict: any, title: string, theirs: string, ours: string, chosen?: string, choose: (choice: "ours" | "theirs" | "both") => void}} options
 */
export function conflictCard({ conflict, title, theirs, ours, chosen, choose }) {
  const labels = { theirs: "Keep this text", ours: "Use this text", both: "Keep both, one below the other" };
  const buttons = {};
  const press = (choice) => {
    for (const [name, element] of Object.entries(buttons)) element.setAttribute("aria-pressed", String(name === choice));
    choose(choice);
  };
  for (const choice of ["theirs", "ours", "both"]) {
    buttons[choice] = button({ label: labels[choice], className: "gb-outlined gb-choice", onclick: () => press(choice) });
    buttons[choice].setAttribute("aria-pressed", String(chosen === choice));
  }
  const side = (label, text, element, own) => {
    const pieces = conflict.pieces.filter(([kind]) => kind === "same" || kind === own); // they lead from theirs to ours
    const shown = text === null ? h("em", {}, "deleted") : pieces.length ? textChange(pieces.map(([kind, part]) => [kind === own ? "come" : kind, part])) : text;
    return h("div", { className: "gb-conflict-side" }, h("div", { className: "gb-conflict-label" }, label), h("div", { className: "gb-conflict-text" }, shown), element);
  };
  return h(
    "section",
    { className: "gb-rev-card gb-conflict", "aria-label": title },
    h("div", { className: "gb-rev-head" }, h("strong", {}, title)),
    h("div", { className: "gb-conflict-sides" }, side(theirs, conflict.theirs, buttons.theirs, "gone"), side(ours, conflict.ours, buttons.ours, "come")),
    conflict.pieces.length ? null : h("div", { className: "gb-change-columns" }, `What differs: ${conflict.columns}`),
    conflict.ours !== null && conflict.theirs !== null && conflict.columns.includes("text") ? buttons.both : null,
  );
}
