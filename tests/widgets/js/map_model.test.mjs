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

test("a passage that is gone makes all of it look otherwise", () => {
  const made = model();
  made.apply(...rowsOf(0, [], [1]));
  assert.equal(made.changed, null);
});

test("a new name leaves the boxes where they lie", () => {
  const made = model();
  const { tree } = made;
  made.apply(...rowsOf(0, [[1, "Vault", 150, 0, []]]));
  assert.deepEqual([...made.changed], [1]);
  assert.equal(made.tree, tree);
});

test("a new passage is found where it lies, and leaves the others there", () => {
  const made = model();
  const { tree } = made;
  made.apply(...rowsOf(0, [[1, "Cellar", 150, 0, [2]], [2, "Attic", -3000, 700, []]]));
  assert.deepEqual([...made.changed], [1, 2]);
  assert.equal(made.tree, tree);
  assert.deepEqual(made.within(-2950, 710, -2900, 720), [2]);
  assert.deepEqual([...made.edges], [0, 1, 1, 2]);
});

test("a larger new passage is found by its far corner", () => {
  const made = model();
  assert.deepEqual(made.within(0, 0, 1, 1), [0]);
  const [message, buffers] = rowsOf(0, [[2, "Attic", 1000, 0, []]]);
  buffers[1] = view(Float32Array.from([1000, 0, 5000, 100]));
  made.apply(message, buffers);
  assert.deepEqual(made.within(5900, 50, 5950, 60), [2]);
});

test("room beside a place ends at the nearest box between two heights", () => {
  const made = new MapModel();
  const boxes = Array.from({ length: 300 }, (_, key) => [key, `${key}`, (key * 7919) % 4000, (key * 104729) % 3000, []]);
  made.apply(...rowsOf(null, boxes));
  for (let middle = 0; middle < 4000; middle += 333)
    for (let top = 0; top < 3000; top += 270) {
      const near = made.within(middle - 250, top, middle + 250, top + 19).filter((slot) => slot % 3);
      const room = Math.min(Infinity, ...near.map((s) => (made.x[s] > middle ? made.x[s] - middle : middle - made.x[s] - 100)));
      const found = made.clearance(middle, top, top + 19, 250, (slot) => slot % 3);
      if (room >= 0 && room < 250) assert.equal(found, room);
      else assert.equal(found <= 0, room <= 0);
    }
});

test("only what is judged otherwise is to be painted anew", () => {
  const made = model();
  const judged = (pairs) => [view(Int32Array.from(pairs, ([key]) => key)), view(Uint8Array.from(pairs, ([, code]) => code))];
  assert.equal(made.setProblems(judged([[0, 3]])), null);
  assert.deepEqual([...made.setProblems(judged([[0, 3], [1, 2]]))], [1]);
  assert.deepEqual([...made.setProblems(judged([[1, 2]]))], [0]);
});

test("who is linked with whom is the same by any way, whatever comes, goes and leads elsewhere", () => {
  let seed = 7;
  const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
  const made = new MapModel();
  const leads = () => [...new Set(Array.from({ length: random(4) }, () => random(30) - 1))]; // to itself, to nobody
  const row = (key) => [key, `${key}`, 150 * key, 0, leads()];
  made.apply(...rowsOf(null, Array.from({ length: 20 }, (_, key) => row(key))));
  for (let base = 0; base < 200; base++) {
    const removed = random(3) ? [] : [made.keys[random(made.size)]];
    const rows = [...new Set([random(29), random(29)])].filter((key) => !removed.includes(key)).map(row);
    assert.ok(made.apply(...rowsOf(base, rows, removed)));
    const pairs = Array.from({ length: made.edges.length / 2 }, (_, i) => [made.edges[2 * i], made.edges[2 * i + 1]]);
    assert.equal(made.linkCount, pairs.length);
    for (const slot of made.keys.keys()) {
      const { out, into } = made.neighbours(slot);
      assert.deepEqual(out, pairs.filter(([source]) => source === slot).map(([, target]) => target));
      assert.deepEqual(into, pairs.filter(([source, target]) => target === slot && source !== slot).map(([source]) => source));
    }
    const some = new Set([random(made.size), random(made.size)]);
    const found = made.edgesOf(some);
    assert.deepEqual(
      Array.from({ length: found.length / 2 }, (_, i) => `${found[2 * i]} ${found[2 * i + 1]}`).sort(),
      pairs.filter(([source, target]) => some.has(source) || some.has(target)).map((pair) => pair.join(" ")).sort(),
    );
  }
});
