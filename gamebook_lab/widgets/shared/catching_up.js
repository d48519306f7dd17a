// A view whose Python half does nothing while it cannot be seen, and catches up when it can (see sight.py).
import { whileSeen } from "./sight.js";

const PATIENCE_MS = 3000; // after that it shows what it has: Python is busy, or gone

/**
 * A widget that catches up: `export default measured(catchingUp({ render }))`.
 *
 * @template {{render: (context: any) => any}} Widget
 * @param {Widget} widget
 * @returns {Widget}
 */
export const catchingUp = (widget) => ({
  ...widget,
  render(context) {
    const { model, el, signal } = context;
    const view = Math.random().toString(36).slice(2);
    let waiting = 0;
    const show = (isBehind) => {
      clearTimeout(waiting);
      el.classList.toggle("gb-is-behind", isBehind);
      el.setAttribute("aria-busy", String(isBehind));
    };
    const hear = ({ type }) => (type === "_behind" ? show(true) : type === "_caught" && show(false));
    const tell = (isSeen) => {
      model.send({ type: "_seen", view, is_seen: isSeen });
      if (isSeen) waiting = setTimeout(() => show(false), PATIENCE_MS);
    };
    model.on("msg:custom", hear);
    signal.addEventListener("abort", () => (clearTimeout(waiting), model.off("msg:custom", hear)));
    whileSeen(el, tell, signal);
    return widget.render(context);
  },
});
