// What stands in a notebook's output once its Studio was closed: a cell that is run in a second window ends what it shows in the first.
import { button } from "./controls.js";
import { h } from "./dom.js";

const RUN = "gamebook-lab:run"; // our extension of JupyterLab runs the cell that this comes from
const PATIENCE_MS = 50; // a view goes a moment after it is told to, and with it, where its own cell was run, the output

/** @param {HTMLElement} el the Studio's @param {AbortSignal} signal */
export function noteClosed(el, signal) {
  const output = el.closest(".jp-OutputArea-child"); // elsewhere nobody would hear of a button
  if (!output) return;
  const show = () => {
    if (!output.isConnected || output.querySelector(".gb-studio")) return;
    const again = () => note.dispatchEvent(new CustomEvent(RUN, { bubbles: true }));
    const note = h(
      "div",
      { className: "gb-root gb-closed", role: "status" },
      h("span", { className: "gb-message" }, "The Studio was closed here; perhaps its cell was run in another window. Nothing is lost."),
      button({ label: "Show it here", className: "gb-primary", onclick: again }),
    );
    output.append(note);
  };
  signal.addEventListener("abort", () => setTimeout(show, PATIENCE_MS));
}
