import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameCounter } from "../../../gamebook_lab/widgets/shared/frames.js";

function counter() {
  const waiting = [];
  let time = 0;
  const made = new FrameCounter({ now: () => time, request: (tick) => waiting.push(tick) });
  /** A frame at a moment. */
  const frame = (at) => {
    time = at;
    for (const tick of waiting.splice(0)) tick(at);
  };
  return { made, frame, waiting };
}

test("counts the frames between the first and the last, and no longer than it is asked to", () => {
  const { made, frame, waiting } = counter();
  made.run(100);
  for (let at = 16; at < 200; at += 16) frame(at);
  const { frames, seconds, long } = made.take();
  assert.equal(frames, 6);
  assert.ok(Math.abs(seconds - 0.096) < 1e-9);
  assert.deepEqual(long, []);
  assert.equal(waiting.length, 0, "it asks for no frame any more");
});

test("a stall is one long frame", () => {
  const { made, frame } = counter();
  made.run(10_000);
  frame(16);
  frame(32);
  frame(2532);
  const { frames, seconds, long } = made.take();
  assert.deepEqual([frames, long], [2, [2.5]]);
  assert.ok(frames / seconds < 1);
});

test("running twice counts each frame once", () => {
  const { made, frame } = counter();
  made.run(1000);
  made.run(1000);
  frame(16);
  frame(32);
  assert.equal(made.take().frames, 1);
});

test("a long frame that the browser reports counts only while nobody counts", () => {
  const { made, frame } = counter();
  made.late(300);
  assert.deepEqual(made.take().long, [0.3]);
  made.run(1000);
  frame(16);
  made.late(300);
  assert.deepEqual(made.take().long, []);
});
