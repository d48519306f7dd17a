// What comes between two frames is done before the second.
import assert from "node:assert/strict";
import { test } from "node:test";

const page = { frames: [], errors: [] };
Object.assign(globalThis, {
  document: { visibilityState: "visible" },
  requestAnimationFrame: (tick) => page.frames.push(tick),
  cancelAnimationFrame: () => page.frames.splice(0),
  reportError: (error) => page.errors.push(error.message),
});

const shared = "../../../gamebook_lab/widgets/shared/together.js";
const { together } = await import(shared);

const frame = () => page.frames.splice(0).forEach((tick) => tick());

test("all is done in one frame, in order, with what is asked for meanwhile", () => {
  const done = [];
  together(() => (done.push("a"), together(() => done.push("c"))));
  together(() => done.push("b"));
  assert.deepEqual(done, []);
  assert.equal(page.frames.length, 1);
  frame();
  assert.deepEqual(done, ["a", "b", "c"]);
  assert.equal(page.frames.length, 0);
});

test("what fails is reported, and keeps nothing else from being done", () => {
  const done = [];
  together(() => {
    throw new Error("broken");
  });
  together(() => done.push("after"));
  frame();
  assert.deepEqual([done, page.errors], [["after"], ["broken"]]);
});

test("a page that nobody sees waits for no frame", () => {
  const done = [];
  together(() => done.push("asked before it was hidden"));
  document.visibilityState = "hidden";
  together(() => done.push("after"));
  frame();
  together(() => done.push("hidden"));
  assert.deepEqual(done, ["asked before it was hidden", "after", "hidden"]);
  document.visibilityState = "visible";
});

test("where no frame comes it is done a little later", async () => {
  await new Promise((done) => together(done));
});

test("all widgets of a page share one queue", async () => {
  const other = await import(`${shared}?another`);
  assert.equal(other.together, together);
});
