// Measures what the person at the screen feels, and tells Python once a second while there is something to tell:
// frames, and for each action the time from the click to the painted answer with the part that Python took.
//
// An action is a message that a widget sends. It carries a number; Python says `_done` with that number after all that it
// had to say (see probe.py), and messages keep their order, so the frame after that shows the answer. One probe a page serves every widget,
// and one widget a notebook sends the figures: two views of a widget count nothing twice.
import { FrameCounter, reportLongFrames } from "./frames.js";
import { whileSeen } from "./sight.js";
import { together } from "./together.js";

const BATCH_MS = 1000;
const FORGET_MS = 30_000; // an answer that does not come, as of a kernel that was restarted
const MOST_RESPONSES = 200; // in one batch
const UNASKED = new Set(["hello", "ping", "_probe", "watch", "rest", "plotly", "history", "page", "describe", "_seen"]); // sent by scripts, not by a person's doing
const INPUTS = ["pointerdown", "keydown", "wheel"];
const NOBODY = /^(Cannot send|Kernel is dead)/; // as JupyterLab has it
const SHARED = Symbol.for("gamebook-lab.probe");

const page = () => (globalThis[SHARED] ??= new Probe());

/**
 * A widget whose actions are measured: `export default measured({ render })`.
 *
 * @template {{render: (context: any) => any}} Widget
 * @param {Widget} widget
 * @returns {Widget}
 */
export const measured = (widget) => ({
  ...widget,
  render: (context) => widget.render({ ...context, model: page().join(context) }),
});

/** Count frames without a pause from now on, until the function that is returned is called. */
export const watchFrames = () => page().watch();

/** Hear what was counted in each batch. @param {(counted: import("./frames.js").Counted & {roundTrip: number | null}) => void} tell @param {AbortSignal} signal */
export const hearFrames = (tell, signal) => page().hear(tell, signal);

class Probe {
  constructor() {
    this.frames = new FrameCounter();
    this.kernels = new Map(); // by kernel: who may send, and what is to be sent
    this.pending = new Map();
    this.listeners = new Set();
    this.watchers = 0;
    this.seen = 0;
    this.number = 0;
    this.name = Math.random().toString(36).slice(2);
    this.timer = null;
    reportLongFrames(this.frames);
    for (const type of INPUTS) window.addEventListener(type, () => this.seen && this.frames.run(), { capture: true, passive: true });
  }

  // ---- widgets

  join({ model, el, signal }) {
    const kernel = this.kernel(model);
    const send = sender(model);
    const member = { send, isSeen: false };
    kernel.members.add(member);
    whileSeen(el, (isSeen) => this.see(member, isSeen), signal);
    signal.addEventListener("abort", () => this.leave(model, kernel, member));
    const answered = (message) => this.answered(message, kernel);
    model.on("msg:custom", (message) => message?.type === "_done" && answered(message));
    return {
      ...model,
      send: (message, ...rest) => send(this.timed(message), ...rest),
      on: (name, callback) => model.on(name, name === "msg:custom" ? others(callback, signal) : callback),
      off: (name, callback) => model.off(name, name === "msg:custom" && callback ? others(callback, signal) : callback),
    };
  }

  kernel(model) {
    const key = keyOf(model);
    if (!this.kernels.has(key)) this.kernels.set(key, { members: new Set(), responses: [], echo: null, roundTrip: null });
    return this.kernels.get(key);
  }

  leave(model, kernel, member) {
    kernel.members.delete(member);
    if (!kernel.members.size) this.kernels.delete(keyOf(model));
  }

  see(member, isSeen) {
    member.isSeen = isSeen;
    this.seen += isSeen ? 1 : -1;
    if (isSeen) this.timer ??= setInterval(() => this.batch(), BATCH_MS);
    else if (!this.seen) {
      clearInterval(this.timer);
      this.timer = null;
      this.frames.take(); // what was begun before it was hidden says nothing
    }
  }

  watch() {
    this.watchers += 1;
    this.frames.run(2 * BATCH_MS);
    let isOver = false;
    return () => {
      if (!isOver) this.watchers -= 1;
      isOver = true;
    };
  }

  hear(tell, signal) {
    this.listeners.add(tell);
    signal.addEventListener("abort", () => this.listeners.delete(tell));
  }

  // ---- actions

  timed(message) {
    if (!message || UNASKED.has(message.type)) return message;
    const now = performance.now();
    const event = globalThis.event;
    // since the key or the click, if it is what sends this; its own time is on the same clock
    const began = event?.isTrusted && now - event.timeStamp < FORGET_MS ? event.timeStamp : now;
    const id = `${this.name}:${(this.number += 1)}`;
    this.pending.set(id, { began, sent: now });
    return { ...message, _probe: id };
  }

  answered({ id, action, seconds }, kernel) {
    const asked = this.pending.get(id);
    if (!asked) return; // another view's, or another page's
    this.pending.delete(id);
    if (action === "_probe") {
      kernel.roundTrip = performance.now() - asked.sent;
      return;
    }
    painted((now) => {
      if (kernel.responses.length < MOST_RESPONSES) kernel.responses.push([action, (now - asked.began) / 1000, seconds]);
    });
  }

  // ---- once a second

  batch() {
    const now = performance.now();
    for (const [id, { sent }] of this.pending) if (now - sent > FORGET_MS) this.pending.delete(id);
    const counted = this.frames.take();
    if (this.watchers && document.visibilityState === "visible") this.frames.run(2 * BATCH_MS);
    for (const kernel of this.kernels.values()) this.report(kernel, counted, now);
  }

  report(kernel, counted, now) {
    const { responses, roundTrip } = kernel;
    const member = [...kernel.members].find((each) => each.isSeen);
    if (!member) return;
    for (const tell of this.listeners) tell({ ...counted, roundTrip });
    if (!responses.length && !counted.seconds && !counted.long.length) return;
    kernel.responses = [];
    kernel.roundTrip = null;
    const id = `${this.name}:${(this.number += 1)}`;
    this.pending.set(id, { began: now, sent: now });
    const round_trip = roundTrip === null ? null : roundTrip / 1000;
    member.send({ type: "_probe", _probe: id, ...counted, responses, round_trip });
  }
}

/**
 * Sends, unless nobody is there: after a restart of the kernel a page stays as it was, and its script goes on (see heartbeat.js for
 * what is told of that). Gives whether it went.
 */
const sender =
  (model) =>
  (...said) => {
    try {
      model.send(...said);
      return true;
    } catch (error) {
      if (!NOBODY.test(error?.message)) throw error;
      return false;
    }
  };

/** What tells one Python from another: several notebooks may be open in a page. */
const keyOf = (model) => model.widget_manager?.kernel?.id ?? model.widget_manager ?? "the only one";

const wrapped = new WeakMap();

/** All messages but the probe's own, with the next frame; of one callback always the same, so that it can be taken off again. */
function others(callback, signal) {
  if (!wrapped.has(callback)) {
    const hear = (...said) => signal.aborted || callback(...said); // it may have been closed while that waited
    wrapped.set(callback, (message, ...rest) => message?.type !== "_done" && together(() => hear(message, ...rest)));
  }
  return wrapped.get(callback);
}

/** Call once the next frame is on the screen: the frame's own callbacks come before it is painted. */
function painted(tell) {
  if (document.visibilityState === "hidden") return; // no frame comes
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => tell(performance.now());
    channel.port2.postMessage(null);
  });
}
