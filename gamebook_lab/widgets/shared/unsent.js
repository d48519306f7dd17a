// What was typed into passages and never confirmed, kept for the next editor of the same notebook: Python may have been restarted,
// or have died, while the author went on writing. It outlives the page, and ends with the browser's tab.
import { difference, fromSplices, SyncedText } from "./synced_text.js";

const PREFIX = "gamebook-lab.unsent:";
/** Editors in this page, which still send what they have typed. @type {Set<string>} */
const LIVING = (globalThis[Symbol.for("gamebook-lab.unsent")] ??= new Set()); // each widget's bundle has a copy of this module

/** @typedef {{by: string, base: string, sent: string, text: string}} Kept  `sent`: what Python may have taken without having said so */

export class Unsent {
  /** @param {string} notebook @param {string} editor its id @param {Storage | null} storage */
  constructor(notebook, editor, storage = ofThisTab()) {
    this.place = PREFIX + notebook;
    this.editor = editor;
    this.storage = storage;
    this.hasAny = false;
    LIVING.add(editor);
  }

  /** The editor sends nothing more. */
  end() {
    LIVING.delete(this.editor);
  }

  /** Keep these, and nothing else that this editor has kept before. @param {Map<string, SyncedText>} texts by the passages' names */
  keep(texts) {
    if (!texts.size && !this.hasAny) return;
    const all = this.read();
    for (const [name, { by }] of Object.entries(all)) if (by === this.editor) delete all[name];
    this.hasAny = texts.size > 0;
    for (const [name, text] of texts) {
      const sent = text.inflight ? text.inflight.changes.apply(text.base) : text.base;
      all[name] = { by: this.editor, base: text.base.toString(), sent: sent.toString(), text: text.unsent.apply(sent).toString() };
    }
    this.write(all);
  }

  /** Passages that an editor which is gone has left. */
  get names() {
    return Object.entries(this.read()).flatMap(([name, { by }]) => (LIVING.has(by) ? [] : [name]));
  }

  /**
   * Take out what was kept of a passage.
   * @param {string} name @param {string} now what Python has
   * @param {number} key
   * @returns {SyncedText | null} still to be brought up to date with what Python has
   */
  take(name, now, key) {
    const { [name]: kept, ...others } = this.read();
    if (!kept || LIVING.has(kept.by)) return null;
    this.write(others);
    if (kept.text === now) return null; // it had arrived
    const base = kept.sent === now ? kept.sent : kept.base;
    const text = new SyncedText(key, 0, base);
    text.typed(fromSplices(difference(base, kept.text), text.base));
    return text;
  }

  /** @returns {Record<string, Kept>} */
  read() {
    try {
      return Object.assign(Object.create(null), JSON.parse(this.storage.getItem(this.place) ?? "{}"));
    } catch {
      return Object.create(null); // a browser may forbid it
    }
  }

  /** @param {Record<string, Kept>} all */
  write(all) {
    try {
      if (Object.keys(all).length) this.storage.setItem(this.place, JSON.stringify(all));
      else this.storage.removeItem(this.place);
    } catch {
      // no room, or forbidden: the author has been told that Python does not answer
    }
  }
}

function ofThisTab() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}
