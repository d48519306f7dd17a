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
function left(text, notebook = "a.ipynb") {
  const storage = new Storage();
  const unsent = new Unsent(notebook, "first", storage);
  unsent.keep(new Map([["__proto__", text]]));
  unsent.end();
  return storage;
}

test("what was typed comes back in the next editor, on the text that Python has", () => {
  for (const now of ["🕯 One.", "🕯 One. Two."]) {
    const unsent = new Unsent("a.ipynb", "second", left(typed()));
    assert.deepEqual(unsent.names, ["__proto__"]);
    const text = unsent.take("__proto__", now, 5);
    text.replaced(now, 1);
    assert.equal(shown(text), "🕯 One. Two. Three.");
    assert.equal(text.base.toString(), now);
    assert.deepEqual(unsent.names, []);
  }
});

test("what was changed meanwhile stays as well", () => {
  const text = new Unsent("a.ipynb", "second", left(typed())).take("__proto__", "🕯 Day one.", 5);
  text.replaced("🕯 Day one.", 1);
  assert.equal(shown(text), "🕯 Day one. Two. Three.");
});

test("what had arrived is not typed twice, and other notebooks have nothing of it", () => {
  const storage = left(typed());
  assert.deepEqual(new Unsent("b.ipynb", "second", storage).names, []);
  assert.equal(new Unsent("a.ipynb", "second", storage).take("__proto__", "🕯 One. Two. Three.", 5), null);
});

test("what an editor still sends is nobody else's, and is forgotten once it is confirmed", () => {
  const storage = new Storage();
  const unsent = new Unsent("a.ipynb", "first", storage);
  unsent.keep(new Map([["Start", typed()]]));
  const other = new Unsent("a.ipynb", "second", storage);
  assert.deepEqual(other.names, []);
  assert.equal(other.take("Start", "🕯 One.", 3), null);
  unsent.keep(new Map());
  unsent.end();
  assert.deepEqual(other.names, []);
});

test("a browser without room for it goes on", () => {
  const full = { getItem: () => null, removeItem() {}, setItem: () => { throw new Error("QuotaExceededError"); } };
  new Unsent("a.ipynb", "first", full).keep(new Map([["Start", typed()]]));
  assert.deepEqual(new Unsent("a.ipynb", "second", null).names, []);
});
