// A click is heard only where the element that was pressed is still there when it is let go of.

const MOST_MS = 1000; // who presses for longer drags something, or has left the page meanwhile
const TAP_MS = 100; // a finger's click comes a little after it was lifted; a mouse's at once

/**
 * Has messages wait while something in an element is pressed: they might put another element in its place.
 * @template M @param {EventTarget} root @param {(message: M) => void} receive @param {AbortSignal} signal
 * @returns {(message: M) => void}
 */
export function afterPress(root, receive, signal) {
  /** @type {M[]} */ const waiting = [];
  let isPressed = false;
  let timer = 0;

  function end() {
    clearTimeout(timer);
    isPressed = false;
    try {
      while (waiting.length) receive(waiting.shift());
    } finally {
      if (waiting.length) endIn(0); // one could not be shown: the others are, and in their order
    }
  }
  function endIn(ms) {
    clearTimeout(timer);
    timer = setTimeout(end, ms);
  }
  const release = ({ pointerType }) => isPressed && endIn(pointerType === "mouse" ? 0 : TAP_MS);
  root.addEventListener("pointerdown", () => ((isPressed = true), endIn(MOST_MS)), { capture: true, signal });
  for (const type of ["pointerup", "pointercancel"]) window.addEventListener(type, release, { capture: true, signal });
  return (message) => (isPressed || waiting.length ? waiting.push(message) : receive(message));
}
