// What could not be done, in words, with what the author can do about it.
import { button, icon } from "./controls.js";
import { h } from "./dom.js";

/** @typedef {{id: number, text: string, kind: "error" | "refused" | "conflict" | "gone" | "unsaved" | "exists" | "written" | "where" | "which" | "info", path: string | null, what: string | null, stories: string[]}} Notice */

const BAD = new Set(["error", "refused", "conflict", "gone", "unsaved", "exists"]);

/**
 * @param {Notice} notice
 * @param {{save: (path: string | null, overwrite: boolean) => void, reload: () => void, compare: () => void, write: (what: string) => void, dismiss: (id: number) => void, suggest: string}} hooks
 */
export function noticeBar(notice, hooks) {
  const isBad = BAD.has(notice.kind);
  const sign = icon(isBad ? "error" : "info");
  sign.classList.add(isBad ? "gb-severity-error" : "gb-severity-info");
  return h(
    "div",
    { className: `gb-banner gb-is-${notice.kind}`, role: isBad ? "alert" : "status" },
    sign,
    h("span", { className: "gb-message" }, notice.text),
    notice.kind === "exists" && button({ label: "Overwrite", title: `Write over ${notice.path}`, className: "gb-outlined", onclick: () => hooks.write(notice.what) }),
    ...(asksWhere(notice) ? saveAs(notice, hooks) : []),
    button({ icon: "close", title: "Dismiss", onclick: () => hooks.dismiss(notice.id) }),
    (notice.kind === "conflict" || notice.kind === "gone") && h("div", { className: "gb-answers" }, ...answers(notice, hooks), ...saveAs(notice, hooks)),
  );
}

/** A path that could not be written to is there to be put right. */
export const asksWhere = ({ kind, path }) => kind === "where" || (kind === "unsaved" && path !== null);

function answers(notice, hooks) {
  if (notice.kind === "gone") return [button({ label: "Write it again", title: "Write this story where its file was", className: "gb-primary", onclick: () => hooks.save(null, true) })];
  const reload = button({ label: "Reload from disk", title: "Read the file again; edits since the last save make way, and Undo brings them back", className: "gb-outlined", onclick: () => hooks.reload() });
  const overwrite = button({ label: "Overwrite", title: "Write this story over the file", className: "gb-outlined", onclick: () => hooks.save(notice.path, true) });
  const merge = button({ label: "Compare and merge…", title: "See what changed, passage by passage, and put both together", className: "gb-primary", onclick: () => hooks.compare() });
  return notice.path ? [overwrite] : [merge, reload, overwrite];
}

function saveAs(notice, hooks) {
  const path = h("input", { className: "gb-input gb-path", value: asksWhere(notice) ? notice.path : hooks.suggest, "aria-label": "File to save to", spellcheck: false });
  const save = () => path.value.trim() && hooks.save(path.value.trim(), false);
  path.addEventListener("keydown", (event) => event.key === "Enter" && save());
  const label = asksWhere(notice) ? "Save" : "Save a copy as";
  return [path, button({ label, className: "gb-outlined", onclick: save })];
}

/** Name for a copy beside a file. @param {string | null} path */
export function copyOf(path) {
  if (!path) return "story.twee";
  const dot = path.lastIndexOf(".");
  const slash = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return dot > slash + 1 ? `${path.slice(0, dot)} copy${path.slice(dot)}` : `${path} copy`;
}

/** Which story of an archive to open: all that is shown until that is answered. @param {Notice} notice @param {(index: number) => void} open */
export function storyChoice(notice, open) {
  const titles = notice.stories.map((title, index) =>
    h("button", { type: "button", className: "gb-choice-story", onclick: () => open(index) }, h("span", { className: "gb-choice-number" }, String(index + 1)), title),
  );
  return h("div", { className: "gb-choice-stories", role: "group", "aria-label": notice.text }, h("h2", {}, notice.text), ...titles);
}
