// What the map knows of which passages look otherwise after an edit.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MapModel } from "../../../gamebook_lab/widgets/shared/map_model.js";

const view = (array) => new DataView(array.buffer);

/** A message of rows, and its buffers. @param {[number, string, number, number, number[]][]} rows  key, name, x, y, targets */
function rowsOf(base, rows, removed = []) {
  const message = {
    type: "rows", base, revision: base === null ? 0 : base + 1, removed, start: 0, selected: null, tag_colors: {},
    names: rows.map(([, name]) => name), tags: rows.map(() => []), kinds: rows.map(() => "story"), broken: rows.map(() => []),
  };
  const buffers = [
    Int32Array.from(rows, ([key]) => key),
    Float32Array.from(rows.flatMap(([, , x, y]) => [x, y, 100, 100])),
    Uint32Array.from(rows, ([, , , , targets]) => targets.length),
    Int32Array.from(rows.flatMap(([, , , , targets]) => targets)),
  ];
  return [message, buffers.map(view)];
}

function model() {
  const made = new MapModel();
  made.apply(...rowsOf(null, [[0, "Start", 0, 0, [1]], [1, "Cellar", 150, 0, []]]));
  return made;
}

test("an edit of links leaves the boxes where they lie, and says whose they are", () => {
  const made = model();
  const { tree } = made;
  assert.ok(made.apply(...rowsOf(0, [[1, "Cellar", 150, 0, [0]]])));
  assert.deepEqual([...made.changed], [1]);
  assert.equal(made.tree, tree);
  assert.deepEqual([...made.edges], [0, 1, 1, 0]);
  assert.ok(made.hasOtherLinks);
  made.apply(...rowsOf(1, [[1, "Cellar", 150, 0, [0]]]));
  assert.ok(!made.hasOtherLinks);
});

test("a box that moved is found where it is now", () => {
  const made = model();
  assert.deepEqual(made.within(140, 0, 160, 50), [1]);
  made.apply(...rowsOf(0, [[1, "Cellar", 900, 0, []]]));
  assert.equal(made.changed, null);
  assert.deepEqual(made.within(140, 0, 160, 50), []);
  assert.deepEqual(made.within(890, 0, 910, 50), [1]);
});

test("a new name, a new passage, and one that is gone make all of it look otherwise", () => {
  for (const [rows, removed] of [[[[1, "Vault", 150, 0, []]], []], [[[2, "Attic", 300, 0, []]], []], [[], [1]]]) {
    const made = model();
    made.apply(...rowsOf(0, rows, removed));
    assert.equal(made.changed, null);
  }
});
