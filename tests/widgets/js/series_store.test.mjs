import assert from "node:assert/strict";
import { test } from "node:test";
import { SeriesStore } from "../../../gamebook_lab/widgets/shared/series_store.js";

const store = () => {
  const made = new SeriesStore();
  made.replace({ times: [1000, 2000, 3000], columns: { cpu: [1, null, 3] }, step_seconds: 1 });
  return made;
};

test("a row is added once, and old ones leave", () => {
  const made = store();
  assert.ok(made.add(4000, { cpu: 4 }, 2000));
  assert.ok(!made.add(4000, { cpu: 5 }, 2000), "it is there already");
  assert.deepEqual(made.times, [2000, 3000, 4000]);
  assert.deepEqual(made.columns.cpu, [null, 3, 4]);
});

test("a column that begins late, or pauses, has gaps", () => {
  const made = store();
  made.add(4000, { fps: 60 }, 10_000);
  assert.deepEqual(made.columns, { cpu: [1, null, 3, null], fps: [null, null, null, 60] });
});

test("the latest value is one that is not old", () => {
  const made = store();
  assert.equal(made.latest("cpu"), 3);
  made.add(9000, {}, 60_000);
  assert.equal(made.latest("cpu"), null);
  assert.equal(made.latest("unknown"), null);
});

test("no line is drawn across a time in which nothing was recorded", () => {
  const made = store();
  made.add(60_000, { cpu: 9 }, 100_000);
  assert.deepEqual(made.withGaps(), { times: [1000, 2000, 3000, 4000, 60_000], columns: { cpu: [1, null, 3, null, 9] } });
  assert.equal(store().withGaps().times.length, 3);
});
