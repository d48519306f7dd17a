// A passage whose text is one very long line.
import { Transaction } from "@codemirror/state";

/** From here on CodeMirror leaves out of the page what of a line is far from sight. */
const LONG = 20_000;

/**
 * What shows a text for the first time: a state to begin with, and what comes into it.
 *
 * In a state that is set, CodeMirror takes what it leaves out for a stretch beside the line and not below it, so that the line seems to be
 * a short one, and is drawn as a whole when it is first measured: of a megabyte that took seconds. Text that comes by an edit is measured
 * rightly.
 * @param {import("@codemirror/state").Text} doc
 * @returns {{doc: import("@codemirror/state").Text | string, edit: import("@codemirror/state").TransactionSpec | null}}
 */
export function shownAtFirst(doc) {
  for (const line of doc.iterLines()) {
    if (line.length < LONG) continue;
    return { doc: "", edit: { changes: { from: 0, insert: doc }, annotations: [Transaction.remote.of(true), Transaction.addToHistory.of(false)] } };
  }
  return { doc, edit: null };
}
