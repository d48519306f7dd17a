// What one change brings to several widgets is shown in one frame. Messages come one by one, and the browser may paint between
// any two of them: each frame has the whole page laid out and painted, however little is new in it.

const LATE_MS = 150; // no frame comes to a page that has just been hidden
const SHARED = Symbol.for("gamebook-lab.together"); // each widget's bundle has a copy of this module; there is one queue a page

/** Do it before the next frame is painted, in order; at once where nobody sees frames. @type {(act: () => void) => void} */
export const together = (globalThis[SHARED] ??= queue());

function queue() {
  /** @type {(() => void)[]} */
  const waiting = [];
  let frame = 0;
  let timer = 0;

  function run() {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    while (waiting.length) {
      try {
        waiting.shift()(); // what is asked for meanwhile is painted with it
      } catch (error) {
        reportError(error); // the others are to be shown all the same
      }
    }
    frame = 0;
  }

  return (act) => {
    waiting.push(act);
    if (frame) return;
    if (document.visibilityState === "hidden") return run();
    frame = requestAnimationFrame(run);
    timer = setTimeout(run, LATE_MS);
  };
}
