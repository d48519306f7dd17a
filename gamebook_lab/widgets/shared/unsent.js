// What was typed into passages and never confirmed, kept for the next editor of the same notebook: Python may have been restarted,
// or have died, while the author went on writing. It outlives the page, and ends with the browser's tab.
import { difference, fromSplices, SyncedText } from "./synced_text.js";

const PREFIX = "gamebook-lab.unsent:";
/** Editors in this page, which still send what they have typed. @type {Set<string>} */
const LIVING = (globalThis[Symbol.for("gamebook-lab.unsent")] ??= new Set()); // each widget's bundle has a copy of this module

/**
 * @typedef {{by: string, id: string | null, base: string, sent: string, text: string}} Kept
 * `id`: of its passage, whatever that is called by now; null where Python had kept nothing yet, so that the name has to tell it.
 * `sent`: what Python may have taken without having said so
 */

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

  /** Keep these, and nothing else that this editor has kept before. @param {(SyncedText & {name: string, id: string | null})[]} texts */
  keep(texts) {
    if (!texts.length && !this.hasAny) return;
    const all = this.read();
    for (const [name, { by }] of Object.entries(all)) if (by === this.editor) delete all[name];
    this.hasAny = texts.length > 0;
    for (const text of texts) {
      const sent = text.inflight ? text.inflight.changes.apply(text.base) : text.base;
      all[text.name] = { by: this.editor, id: text.id ?? null, base: text.base.toString(), sent: sent.toString(), text: text.unsent.apply(sent).toString() };
    }
    this.write(all);
  }

  /** Name and id of the passages that an editor which is gone has left. @returns {[string, string | null][]} */
  get left() {
    return Object.entries(this.read()).flatMap(([name, { by, id }]) => (LIVING.has(by) ? [] : [[name, id ?? null]]));
  }

  /**
   * Take out what was kept of a passage, under whatever name.
   * @param {{key: number, name: string, id: string | null}} passage @param {string} now what Python has
   * @returns {SyncedText | null} still to be brought up to date with what Python has
   */
  take({ key, name, id }, now) {
    const all = this.read();
    const found = Object.entries(all).find(([then, kept]) => (kept.id ? kept.id === id : then === name));
    if (!found || LIVING.has(found[1].by)) return null;
    const [then, kept] = found;
    delete all[then];
    this.write(all);
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
