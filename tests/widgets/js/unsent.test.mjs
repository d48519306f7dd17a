import assert from "node:assert/strict";
import { test } from "node:test";
import { ChangeSet } from "../../../gamebook_lab/widgets/node_modules/@codemirror/state/dist/index.js";
import { SyncedText } from "../../../gamebook_lab/widgets/shared/synced_text.js";
import { Unsent } from "../../../gamebook_lab/widgets/shared/unsent.js";

class Storage extends Map {
  getItem = (key) => this.get(key) ?? null;
  setItem = (key, value) => this.set(key, value);
  removeItem = (key) => this.delete(key);
}

const shown = (text) => text.pending.apply(text.base).toString();
const type = (text, at, insert) => text.typed(ChangeSet.of({ from: at, insert }, text.pending.newLength));

function typed() {
  const text = new SyncedText(3, 7, "🕯 One.");
  type(text, text.base.length, " Two.");
  text.take(1);
  type(text, text.base.length + 5, " Three.");
  return text;
}

/** Storage in which an editor that has gone has left this. */
function left(text, { notebook = "a.ipynb", id = null } = {}) {
  const storage = new Storage();
  const unsent = new Unsent(notebook, "first", storage);
  unsent.keep([Object.assign(text, { name: "__proto__", id })]);
  unsent.end();
  return storage;
}

test("what was typed comes back in the next editor, on the text that Python has", () => {
  for (const now of ["🕯 One.", "🕯 One. Two."]) {
    const unsent = new Unsent("a.ipynb", "second", left(typed()));
    assert.deepEqual(unsent.left, [["__proto__", null]]);
    const text = unsent.take({ key: 5, name: "__proto__", id: null }, now);
    text.replaced(now, 1);
    assert.equal(shown(text), "🕯 One. Two. Three.");
    assert.equal(text.base.toString(), now);
    assert.deepEqual(unsent.left, []);
  }
});

test("what was changed meanwhile stays as well", () => {
  const text = new Unsent("a.ipynb", "second", left(typed())).take({ key: 5, name: "__proto__", id: "77" }, "🕯 Day one.");
  text.replaced("🕯 Day one.", 1);
  assert.equal(shown(text), "🕯 Day one. Two. Three.");
});

test("what had arrived is not typed twice, and other notebooks have nothing of it", () => {
  const storage = left(typed());
  assert.deepEqual(new Unsent("b.ipynb", "second", storage).left, []);
  assert.equal(new Unsent("a.ipynb", "second", storage).take({ key: 5, name: "__proto__", id: null }, "🕯 One. Two. Three."), null);
});

test("what was typed into a passage that has another name by now comes back in it, and not in one that took its name", () => {
  const unsent = new Unsent("a.ipynb", "second", left(typed(), { id: "77" }));
  assert.deepEqual(unsent.left, [["__proto__", "77"]]);
  assert.equal(unsent.take({ key: 5, name: "__proto__", id: "78" }, "Another."), null);
  const text = unsent.take({ key: 6, name: "Renamed", id: "77" }, "🕯 One.");
  assert.equal(text.key, 6);
  assert.equal(shown(text), "🕯 One. Two. Three.");
  assert.deepEqual(unsent.left, []);
});

test("what an editor still sends is nobody else's, and is forgotten once it is confirmed", () => {
  const storage = new Storage();
  const unsent = new Unsent("a.ipynb", "first", storage);
  unsent.keep([Object.assign(typed(), { name: "Start", id: "7" })]);
  const other = new Unsent("a.ipynb", "second", storage);
  assert.deepEqual(other.left, []);
  assert.equal(other.take({ key: 3, name: "Start", id: "7" }, "🕯 One."), null);
  unsent.keep([]);
  unsent.end();
  assert.deepEqual(other.left, []);
});

test("a browser without room for it goes on", () => {
  const full = { getItem: () => null, removeItem() {}, setItem: () => { throw new Error("QuotaExceededError"); } };
  new Unsent("a.ipynb", "first", full).keep([Object.assign(typed(), { name: "Start", id: null })]);
  assert.deepEqual(new Unsent("a.ipynb", "second", null).left, []);
});
