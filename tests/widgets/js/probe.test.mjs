// The probe in a page that is made of what it needs: no browser, one clock.
import assert from "node:assert/strict";
import { test } from "node:test";

const page = { time: 0, frames: [], timers: [], observers: [] };

Object.assign(globalThis, {
  window: { addEventListener: () => {} },
  document: { visibilityState: "visible", addEventListener: () => {} },
  requestAnimationFrame: (tick) => page.frames.push(tick),
  cancelAnimationFrame: () => {},
  setInterval: (tick) => page.timers.push(tick),
  clearInterval: () => page.timers.splice(0),
  PerformanceObserver: undefined,
  IntersectionObserver: class {
    constructor(tell) {
      page.observers.push(tell);
    }
    observe() {}
    disconnect() {}
  },
  MessageChannel: class {
    port1 = {};
    port2 = { postMessage: () => this.port1.onmessage() };
  },
});
performance.now = () => page.time;

const { measured, watchFrames } = await import("../../../gamebook_lab/widgets/shared/probe.js");

/** A model of one kernel, as several views of a widget share it. */
function kernel(id) {
  const sent = [];
  const listeners = new Set();
  const model = { widget_manager: { kernel: { id } }, send: (message) => sent.push(message), on: (_, listener) => listeners.add(listener), off: () => {} };
  return { model, sent, say: (message) => listeners.forEach((listener) => listener(message)), batches: () => sent.filter(({ type }) => type === "_probe") };
}

/** Shows a widget, and gives what it may send with. */
function view({ model }) {
  const life = new AbortController();
  let inner = null;
  measured({ render: (context) => (inner = context.model) }).render({ model, el: {}, signal: life.signal });
  const see = page.observers.at(-1);
  const set = (isIntersecting) => see([{ isIntersecting }]);
  set(true);
  return { model: inner, set, close: () => life.abort() };
}

function frame(ms) {
  page.time += ms;
  for (const tick of page.frames.splice(0)) tick(page.time);
}

const second = () => page.timers.forEach((tick) => tick());

test("two views of a widget count nothing twice", () => {
  const python = kernel("one");
  const views = [view(python), view(python)];
  const endings = [watchFrames(), watchFrames()];
  for (let at = 0; at < 61; at += 1) frame(16);
  second();
  assert.equal(python.batches().length, 1);
  assert.equal(python.batches()[0].frames, 60);

  views[0].model.send({ type: "undo" });
  const { _probe: id } = python.sent.at(-1);
  page.time += 30;
  python.say({ type: "_done", id, action: "studio.undo", seconds: 0.004 });
  frame(10);
  second();
  second();
  assert.deepEqual(python.batches().flatMap(({ responses }) => responses), [["studio.undo", 0.04, 0.004]], "it is told once");
  endings.forEach((end) => end());
  views.forEach((each) => each.close());
});

test("each kernel is told of its own answers only", () => {
  const [one, other] = [kernel("one"), kernel("other")];
  const views = [view(one), view(other)];
  views[0].model.send({ type: "undo" });
  one.say({ type: "_done", id: one.sent.at(-1)._probe, action: "studio.undo", seconds: 0.004 });
  frame(10);
  frame(10);
  second();
  assert.equal(one.batches().at(-1).responses.length, 1);
  assert.deepEqual(other.batches().flatMap(({ responses }) => responses), []);
  views.forEach((each) => each.close());
});

test("what scripts send by themselves is no action, and the probe's own messages stay its own", () => {
  const python = kernel("one");
  const shown = view(python);
  const heard = [];
  shown.model.on("msg:custom", (message) => heard.push(message.type));
  for (const type of ["hello", "ping", "watch"]) shown.model.send({ type });
  assert.ok(python.sent.every((message) => !("_probe" in message)));
  python.say({ type: "_done", id: "x", action: "a.b", seconds: 1 });
  python.say({ type: "state" });
  frame(16);
  assert.deepEqual(heard, ["state"]);
  python.say({ type: "notice" });
  shown.close();
  frame(16);
  assert.deepEqual(heard, ["state"], "nobody hears what waits once it is closed");
});

test("while nothing can be seen nothing is sent", () => {
  const python = kernel("one");
  const shown = view(python);
  shown.set(false);
  assert.equal(page.timers.length, 0, "no timer runs");
  for (let at = 0; at < 200; at += 1) frame(16);
  second();
  assert.equal(python.batches().length, 0);
  shown.close();
});

test("what is sent to a kernel that is gone is no error, and its sender knows; another error is one", () => {
  const one = kernel("gone");
  const shown = view(one);
  assert.equal(shown.model.send({ type: "undo" }), true);
  one.model.send = () => {
    throw new Error("Cannot send");
  };
  assert.equal(shown.model.send({ type: "undo" }), false);
  one.model.send = () => {
    throw new TypeError("circular structure");
  };
  assert.throws(() => shown.model.send({ type: "undo" }), /circular/);
  shown.close();
});

test("a visible widget that nobody touches sends nothing", () => {
  const python = kernel("one");
  const shown = view(python);
  for (let at = 0; at < 400; at += 1) frame(16);
  second();
  const before = python.sent.length;
  for (let at = 0; at < 400; at += 1) frame(16);
  second();
  assert.equal(python.sent.length, before);
  assert.equal(page.frames.length, 0, "and asks for no frames");
  shown.close();
});
