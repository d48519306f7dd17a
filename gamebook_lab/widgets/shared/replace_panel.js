// Find and replace in the whole story, with a preview of every place before anything is changed.
// Who just looks for something sees it marked, and can press nothing that changes it: deleting is a button of its own.
import { button } from "./controls.js";
import { plural } from "./counted.js";
import { h } from "./dom.js";
import { redraw } from "./redraw.js";

const WAIT_MS = 200;
const MOST_BEFORE = 24; // characters

/** @typedef {{find: string, replace: string, is_regex: boolean, is_case_sensitive: boolean, is_whole_word: boolean, within: string}} Query */

/** So little of it that what was found is always in sight. @param {string} text */
const justBefore = (text) => (text.length > MOST_BEFORE ? `…${text.slice(-MOST_BEFORE)}` : text);

/**
 * @param {{preview: (query: Query) => void, replace: (query: Query) => void, go: (row: any) => void, close: () => void}} hooks
 */
export function replacePanel(hooks) {
  let timer = 0;
  const field = (label, placeholder) => h("input", { className: "gb-input", placeholder, "aria-label": label, spellcheck: false, oninput: () => soon() });
  const find = field("Find", "Find in all passages");
  const replace = field("Replace by", "Replace by");
  const option = (label, title) => {
    const input = h("input", { type: "checkbox", onchange: () => ask() });
    return { input, element: h("label", { className: "gb-option", title }, input, label) };
  };
  const isCaseSensitive = option("Match case", "Tell A from a");
  const isWholeWord = option("Whole word", "Only where it stands alone");
  const isRegex = option("Pattern", "Take it as a regular expression");
  const within = h(
    "select",
    { className: "gb-input", "aria-label": "Where to look", onchange: () => ask() },
    h("option", { value: "prose" }, "in what readers see"), // first: it breaks no link and renames no variable
    h("option", { value: "text" }, "in texts, code included"),
    h("option", { value: "names" }, "in passage names"),
    h("option", { value: "all" }, "in names and texts"),
  );
  const status = h("span", { className: "gb-replace-status", role: "status" });
  const all = button({ icon: "replace", label: "Replace all", className: "gb-primary", onclick: () => hooks.replace(query()) });
  const none = button({ icon: "trash", label: "Delete all matches", title: "Put nothing in their place; can be undone", className: "gb-outlined", onclick: () => hooks.replace(query()) });
  const rows = h("div", { className: "gb-replace-rows" });
  /** Matches that are shown, and can be replaced. */
  let n = 0;
  /** Somebody has been in the field for the replacement: if it is empty, that may be meant. */
  let isAsked = false;
  replace.addEventListener("focus", () => ((isAsked = true), allow()));
  const element = h(
    "div",
    { className: "gb-replace", hidden: true, role: "search", "aria-label": "Find and replace" },
    h("div", { className: "gb-replace-bar" }, find, replace, within, isCaseSensitive.element, isWholeWord.element, isRegex.element),
    h("div", { className: "gb-replace-bar" }, status, none, all, button({ icon: "close", title: "Close", onclick: () => hooks.close() })),
    rows,
  );
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") (event.preventDefault(), hooks.close());
  });

  /** @returns {Query} */
  function query() {
    return {
      find: find.value,
      replace: replace.value,
      is_regex: isRegex.input.checked,
      is_case_sensitive: isCaseSensitive.input.checked,
      is_whole_word: isWholeWord.input.checked,
      within: within.value,
    };
  }
  /** Lets be done what is shown. */
  function allow() {
    all.disabled = !n || !replace.value;
    all.title = replace.value ? "In every place that is listed; can be undone" : "Type what to put there first";
    none.hidden = Boolean(replace.value) || !isAsked || !n;
  }
  function wait() {
    n = 0; // what would be done is not shown yet
    allow();
  }
  function soon() {
    clearTimeout(timer);
    wait();
    timer = setTimeout(ask, WAIT_MS);
  }
  function ask() {
    wait();
    hooks.preview(query());
  }
  function row(found) {
    return h(
      "button",
      { type: "button", className: "gb-replace-row", onclick: () => hooks.go(found) },
      h("span", { className: "gb-replace-name", title: found.name }, found.name),
      h(
        "span",
        { className: "gb-replace-context" },
        justBefore(found.before),
        ...(replace.value ? [h("del", {}, found.old), h("ins", {}, found.new)] : [h("mark", {}, found.old)]),
        found.after,
      ),
    );
  }
  allow();
  return {
    element,
    open() {
      element.hidden = false;
      isAsked = false;
      find.focus();
      find.select();
      if (find.value) ask();
    },
    /** The story changed: what was shown may be so no longer. */
    refresh() {
      if (!element.hidden && find.value) soon();
    },
    show(answer) {
      if (JSON.stringify(answer.query) !== JSON.stringify(query())) return;
      status.classList.toggle("gb-severity-error", Boolean(answer.error));
      const where = `${plural(answer.n, "place")} in ${plural(answer.n_passages, "passage")}`;
      if (answer.error) status.textContent = answer.error;
      else if (answer.is_done) status.textContent = `Replaced ${where}. Undo takes it all back.`;
      else if (!answer.query.find) status.textContent = "";
      else status.textContent = answer.n ? where : "Not found";
      redraw(rows, answer.is_done ? [] : answer.rows.map((found) => [found, Boolean(replace.value)]), ([found]) => row(found));
      if (!answer.is_done && answer.n > answer.rows.length) rows.append(h("div", { className: "gb-replace-more" }, `and ${plural(answer.n - answer.rows.length, "more place")}`));
      n = answer.is_done ? 0 : answer.n;
      allow();
    },
  };
}
