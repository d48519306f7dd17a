import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { heartbeat } from "../../../gamebook_lab/widgets/shared/heartbeat.js";

const MINUTE = 60_000;

function started(ask) {
  mock.timers.enable({ apis: ["setInterval"] });
  const told = [];
  const abort = new AbortController();
  let answered = () => {};
  answered = heartbeat({ ask: () => ask(answered) ?? true, tell: (isSilent) => told.push(isSilent), signal: abort.signal });
  return { told, abort, answered };
}

test("nothing is told while Python answers", (t) => {
  t.after(() => mock.timers.reset());
  const { told } = started((answered) => answered());
  mock.timers.tick(MINUTE);
  assert.ok(!told.includes(true));
});

test("silence is told, and that it has ended", (t) => {
  t.after(() => mock.timers.reset());
  const { told, answered } = started(() => {});
  mock.timers.tick(MINUTE);
  assert.equal(told.at(-1), true);
  answered();
  assert.equal(told.at(-1), false);
});

test("a connection that is gone is told with the first beat", (t) => {
  t.after(() => mock.timers.reset());
  const { told } = started(() => false);
  mock.timers.tick(4000);
  assert.deepEqual(told, [true]);
});

test("a view that is gone asks no more", (t) => {
  t.after(() => mock.timers.reset());
  let asked = 0;
  const { abort } = started(() => asked++);
  abort.abort();
  mock.timers.tick(MINUTE);
  assert.equal(asked, 0);
});
