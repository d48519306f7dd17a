// A passage's text between what Python confirmed and what was typed since; no view, no messages.
import { ChangeSet, Text } from "@codemirror/state";
import { Offsets } from "./offsets.js";

/** @typedef {[start: number, stop: number, insert: string]} Splice  Offsets count code points. */

/**
 * Invariant: `unsent` after `inflight` after `base` is what the author sees. Python takes an edit only on the
 * revision that it has itself, so when a change from elsewhere arrives, what is in flight will be turned down: it goes
 * back to `unsent`, on top of that change, to be sent again.
 */
export class SyncedText {
  /** @param {number} key @param {number} revision @param {string} text */
  constructor(key, revision, text) {
    this.key = key;
    this.revision = revision;
    this.base = textOf(text);
    /** @type {{seq: number, changes: ChangeSet} | null} */
    this.inflight = null;
    this.unsent = ChangeSet.empty(this.base.length);
  }

  /** All that Python has not confirmed. */
  get pending() {
    return this.inflight ? this.inflight.changes.compose(this.unsent) : this.unsent;
  }

  get isClean() {
    return !this.inflight && this.unsent.empty;
  }

  /** Note what was typed. @param {ChangeSet} changes */
  typed(changes) {
    this.unsent = this.unsent.compose(changes);
  }

  /**
   * Put what is unsent in flight, unless something is already.
   * @param {number} seq @returns {{base: number, changes: Splice[]} | null}
   */
  take(seq) {
    if (this.inflight || this.unsent.empty) return null;
    this.inflight = { seq, changes: this.unsent };
    this.unsent = ChangeSet.empty(this.unsent.newLength);
    return { base: this.revision, changes: toSplices(this.inflight.changes, this.base) };
  }

  /** Python took what was in flight. @param {number} seq @param {number} revision @returns {boolean} whether it was ours */
  confirm(seq, revision) {
    if (this.inflight?.seq !== seq) return false;
    this.base = this.inflight.changes.apply(this.base);
    this.inflight = null;
    this.revision = revision;
    return true;
  }

  /** Python turned it down. @param {number} seq */
  reject(seq) {
    if (this.inflight?.seq !== seq) return;
    this.unsent = this.pending;
    this.inflight = null;
  }

  /**
   * The text changed elsewhere.
   * @param {Splice[]} splices @param {number} revision
   * @returns {ChangeSet} the same change, for the text that the author sees
   */
  remote(splices, revision) {
    const changes = fromSplices(splices, this.base);
    const { pending } = this;
    this.unsent = pending.map(changes);
    this.inflight = null;
    this.base = changes.apply(this.base);
    this.revision = revision;
    return changes.map(pending, true);
  }

  /** The text is now this, by whatever changes. @param {string} text @param {number} revision @returns {ChangeSet} */
  replaced(text, revision) {
    return this.remote(difference(this.base.toString(), text), revision);
  }
}

/** @param {string} text */
export const textOf = (text) => Text.of(text.split("\n"));

/** @param {ChangeSet} changes @param {Text} base @returns {Splice[]} */
export function toSplices(changes, base) {
  const offsets = new Offsets(base.toString());
  /** @type {Splice[]} */
  const splices = [];
  changes.iterChanges((from, to, _fromNew, _toNew, inserted) => {
    splices.push([offsets.points(from), offsets.points(to), inserted.toString()]);
  });
  return splices;
}

/** @param {Splice[]} splices @param {Text} base @returns {ChangeSet} */
export function fromSplices(splices, base) {
  const offsets = new Offsets(base.toString());
  const specs = splices.map(([start, stop, insert]) => ({
    from: offsets.units(start),
    to: offsets.units(stop),
    insert: textOf(insert),
  }));
  return ChangeSet.of(specs, base.length);
}

/** One splice from a text to another. @param {string} before @param {string} after @returns {Splice[]} */
export function difference(before, after) {
  const old = Array.from(before);
  const now = Array.from(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  if (start === old.length && start === now.length) return [];
  return [[start, old.length - end, now.slice(start, now.length - end).join("")]];
}
