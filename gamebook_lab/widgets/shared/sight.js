// Whether a widget can be seen: its browser tab in front, its notebook not behind another one, not scrolled off, its cell
// not folded. What cannot be seen should cost nothing.

/**
 * @param {Element} element
 * @param {(isSeen: boolean) => void} tell  called with each change, the first time when it is first seen
 * @param {AbortSignal} signal
 */
export function whileSeen(element, tell, signal) {
  let isInView = false;
  let isSeen = false;
  const look = () => {
    const now = isInView && document.visibilityState === "visible" && !signal.aborted;
    if (now === isSeen) return;
    isSeen = now;
    tell(isSeen);
  };
  const observer = new IntersectionObserver((entries) => {
    isInView = entries.at(-1).isIntersecting;
    look();
  });
  observer.observe(element);
  document.addEventListener("visibilitychange", look, { signal });
  signal.addEventListener("abort", () => {
    observer.disconnect();
    look();
  });
}
