// A view that falls behind while it is hidden shows nothing until it has caught up.
import assert from "node:assert/strict";
import { test } from "node:test";

const observers = [];
Object.assign(globalThis, {
  document: { visibilityState: "visible", addEventListener: () => {} },
  IntersectionObserver: class {
    constructor(tell) {
      observers.push((isIntersecting) => tell([{ isIntersecting }]));
    }
    observe() {}
    disconnect() {}
  },
});

const { catchingUp } = await import("../../../gamebook_lab/widgets/shared/catching_up.js");

function view(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const [sent, listeners, classes] = [[], new Set(), new Set()];
  const life = new AbortController();
  const model = { send: (message) => sent.push(message), on: (_, listener) => listeners.add(listener), off: (_, listener) => listeners.delete(listener) };
  const el = { classList: { toggle: (name, on) => (on ? classes.add(name) : classes.delete(name)) }, setAttribute: () => {} };
  catchingUp({ render: () => {} }).render({ model, el, signal: life.signal });
  const say = (type) => listeners.forEach((listener) => listener({ type }));
  return { sent, say, see: observers.at(-1), life, listeners, isBlank: () => classes.has("gb-is-behind") };
}

test("says when it is seen and when it is hidden", (t) => {
  const { sent, see } = view(t);
  see(true);
  see(false);
  assert.deepEqual(sent.map(({ type, is_seen: isSeen }) => [type, isSeen]), [["_seen", true], ["_seen", false]]);
  assert.equal(sent[0].view, sent[1].view);
});

test("is blank from falling behind until it has caught up", (t) => {
  const { say, see, isBlank } = view(t);
  see(true);
  see(false);
  say("_behind");
  assert.ok(isBlank());
  see(true);
  assert.ok(isBlank());
  say("_caught");
  assert.ok(!isBlank());
});

test("shows what it has when Python does not answer", (t) => {
  const { say, see, isBlank } = view(t);
  say("_behind");
  see(true);
  t.mock.timers.tick(3000);
  assert.ok(!isBlank());
});

test("hears nothing more once it is gone", (t) => {
  const { life, listeners } = view(t);
  life.abort();
  assert.equal(listeners.size, 0);
});
