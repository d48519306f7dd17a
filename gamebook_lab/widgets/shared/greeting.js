// A view says hello, and Python answers with what to show. At a kernel's start a message may be lost
// on the way: whoever got no answer says hello again.

const AGAIN_MS = 1000;

/**
 * @param {() => void} send says hello
 * @param {() => boolean} isAnswered
 * @param {AbortSignal} signal ends it with the view
 */
export function greet(send, isAnswered, signal) {
  const say = () => {
    if (signal?.aborted || isAnswered()) return;
    send();
    setTimeout(say, AGAIN_MS);
  };
  say();
}
