// Tells whether Python still answers. A kernel that was restarted knows nothing of a widget, and says nothing either:
// without this an author would go on writing into a page that nobody reads.

const BEAT_MS = 4000;
const MISSED = 3;

/**
 * Counted in beats, not in seconds: a tab in the background beats less often.
 *
 * @param {{ask: () => boolean, tell: (isSilent: boolean) => void, signal: AbortSignal}} options
 * @returns {() => void}  to be called when Python answers
 */
export function heartbeat({ ask, tell, signal }) {
  let unanswered = 0;
  const beat = () => {
    if (unanswered >= MISSED) tell(true);
    unanswered += 1;
    if (!ask()) tell(true); // no connection at all
  };
  const timer = setInterval(beat, BEAT_MS);
  signal.addEventListener("abort", () => clearInterval(timer));
  return () => {
    unanswered = 0;
    tell(false);
  };
}
