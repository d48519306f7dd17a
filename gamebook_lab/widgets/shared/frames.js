// Counts the frames that the page really paints. There is one counter a page, whatever number of widgets asks.
//
// While somebody watches it counts without a pause. Else it counts for most of a second after each key or click, and
// otherwise not at all: a page that asks for frames all the time keeps a processor busy with painting nothing.

const LONG_MS = 50; // as the web's own "long animation frame"
const AFTER_INPUT_MS = 800; // the half of it is enough to tell a rate: it may fall into two batches

const MOST_LONG = 100; // that are told of at a time

/** @typedef {{frames: number, seconds: number, long: number[]}} Counted  `long` has the seconds that each long frame took */

export class FrameCounter {
  /** @param {{now?: () => number, request?: (tick: (time: number) => void) => void}} [clock]  the browser's own but in tests */
  constructor({ now = () => performance.now(), request = (tick) => requestAnimationFrame(tick) } = {}) {
    this.now = now;
    this.request = request;
    this.until = 0;
    this.isRunning = false;
    this.last = null;
    this.clear();
  }

  /** Count from now on for so long. @param {number} ms */
  run(ms = AFTER_INPUT_MS) {
    this.until = Math.max(this.until, this.now() + ms);
    if (this.isRunning) return;
    this.isRunning = true;
    this.last = null;
    this.request(this.tick);
  }

  /** What was counted since the last call. @returns {Counted} */
  take() {
    const { frames, ms, long } = this;
    this.clear();
    return { frames, seconds: ms / 1000, long };
  }

  /** A frame that was long while nobody counted, as the browser reports it. @param {number} ms */
  late(ms) {
    if (!this.isRunning) this.note(ms);
  }

  clear() {
    this.frames = this.ms = 0;
    this.long = [];
  }

  tick = (time) => {
    if (this.last !== null) {
      this.frames += 1;
      this.ms += time - this.last;
      this.note(time - this.last);
    }
    this.last = time;
    // a page in the background gets no frames: the first one after that is not a long one
    this.isRunning = this.now() < this.until && globalThis.document?.visibilityState !== "hidden";
    if (this.isRunning) this.request(this.tick);
  };

  note(ms) {
    if (ms > LONG_MS && this.long.length < MOST_LONG) this.long.push(ms / 1000);
  }
}

/** Have the browser itself report long frames, which costs nothing until there is one; not every browser does. */
export function reportLongFrames(counter) {
  if (!globalThis.PerformanceObserver?.supportedEntryTypes?.includes("long-animation-frame")) return;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => counter.late(entry.duration))).observe({
    type: "long-animation-frame",
  });
}
