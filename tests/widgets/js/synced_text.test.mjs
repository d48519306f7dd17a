import assert from "node:assert/strict";
import { test } from "node:test";
import { ChangeSet } from "../../../gamebook_lab/widgets/node_modules/@codemirror/state/dist/index.js";
import { Offsets } from "../../../gamebook_lab/widgets/shared/offsets.js";
import { SyncedText } from "../../../gamebook_lab/widgets/shared/synced_text.js";

/** Python's side, in a few lines: takes an edit only on its own revision. */
class Server {
  constructor(text) {
    this.revision = 1;
    this.points = Array.from(text);
  }
  get text() {
    return this.points.join("");
  }
  apply(changes) {
    let shift = 0;
    for (const [start, stop, insert] of changes) {
      const inserted = Array.from(insert);
      this.points.splice(start + shift, stop - start, ...inserted);
      shift += inserted.length - (stop - start);
    }
    return ++this.revision;
  }
}

const shown = (text) => text.pending.apply(text.base).toString();
const type = (text, from, to, insert) => text.typed(ChangeSet.of({ from, to, insert }, text.pending.newLength));

test("offsets convert both ways around emoji", () => {
  const text = "a🕯️b🧭c";
  const offsets = new Offsets(text);
  let point = 0;
  let unit = 0;
  for (const character of text) {
    assert.equal(offsets.points(unit), point);
    assert.equal(offsets.units(point), unit);
    unit += character.length;
    point += 1;
  }
  assert.equal(offsets.points(unit), point);
  assert.equal(offsets.units(point), unit);
});

test("offsets of plain text and of lone surrogates are left alone", () => {
  assert.equal(new Offsets("plain").points(3), 3);
  assert.equal(new Offsets("\ud83d lone \ude00").units(5), 5);
});

test("typing is sent as splices in code points and confirmed", () => {
  const server = new Server("🕯 dark");
  const text = new SyncedText(7, 1, "🕯 dark");
  type(text, 3, 7, "bright 🧭");
  const edit = text.take(1);
  assert.deepEqual(edit, { base: 1, changes: [[2, 6, "bright 🧭"]] });
  assert.equal(text.take(2), null);
  text.confirm(1, server.apply(edit.changes));
  assert.equal(server.text, shown(text));
  assert.ok(text.isClean);
});

test("a change from elsewhere lands under unsent typing", () => {
  const server = new Server("To [[Cellar]].");
  const text = new SyncedText(7, 1, server.text);
  type(text, 14, 14, " Go!");
  const revision = server.apply([[5, 11, "Vault"]]);
  const visible = text.remote([[5, 11, "Vault"]], revision);
  assert.equal(visible.apply(ChangeSet.of({ from: 14, insert: " Go!" }, 14).apply(new SyncedText(0, 0, "To [[Cellar]].").base)).toString(), "To [[Vault]]. Go!");
  const edit = text.take(2);
  text.confirm(2, server.apply(edit.changes));
  assert.equal(server.text, "To [[Vault]]. Go!");
  assert.equal(shown(text), server.text);
});

test("what is in flight when a change comes is sent again on top", () => {
  const server = new Server("abc");
  const text = new SyncedText(7, 1, "abc");
  type(text, 3, 3, "d");
  text.take(1);
  type(text, 4, 4, "e");
  text.remote([[0, 0, "X"]], server.apply([[0, 0, "X"]]));
  text.reject(1); // comes late: no longer in flight
  const edit = text.take(2);
  assert.equal(edit.base, 2);
  text.confirm(2, server.apply(edit.changes));
  assert.equal(server.text, "Xabcde");
  assert.equal(shown(text), "Xabcde");
});

test("a reject before the change keeps the typing", () => {
  const text = new SyncedText(7, 1, "abc");
  type(text, 0, 1, "A");
  text.take(1);
  text.reject(1);
  assert.equal(shown(text), "Abc");
  assert.deepEqual(text.take(2).changes, [[0, 1, "A"]]);
});

test("a whole new text keeps unsent typing", () => {
  const text = new SyncedText(7, 1, "one 🕯 two");
  type(text, 0, 0, ">");
  text.replaced("one 🕯 three", 5);
  assert.equal(shown(text), ">one 🕯 three");
  assert.equal(text.revision, 5);
});

test("random edits on both sides end with the same text and lose no insertion", () => {
  let seed = 7;
  const random = (below) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  for (let round = 0; round < 60; round++) {
    const server = new Server("The 🕯 and\nthe 🧭.");
    const text = new SyncedText(1, 1, server.text);
    let seq = 0;
    let local = 0;
    let remote = 0;
    for (let step = 0; step < 40; step++) {
      const move = random(4);
      if (move < 2) {
        const now = shown(text);
        type(text, new Offsets(now).units(random(Array.from(now).length + 1)), undefined, "L");
        local++;
      } else if (move === 2) {
        const at = random(server.points.length + 1);
        remote++;
        text.remote([[at, at, "R"]], server.apply([[at, at, "R"]]));
      } else {
        const edit = text.take(++seq);
        if (!edit) continue;
        assert.equal(edit.base, server.revision);
        text.confirm(seq, server.apply(edit.changes));
      }
    }
    const edit = text.take(++seq);
    if (edit) text.confirm(seq, server.apply(edit.changes));
    assert.equal(shown(text), server.text);
    assert.equal(server.text.split("L").length - 1, local);
    assert.equal(server.text.split("R").length - 1, remote);
  }
});
