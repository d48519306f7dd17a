// The history of the selected passage, under its text. What both sides say to each other is in passage_history.py.
import { button, icon } from "./shared/controls.js";
import { plural } from "./shared/counted.js";
import { h } from "./shared/dom.js";
import { keepKeys } from "./shared/keys.js";
import { afterPress } from "./shared/press.js";
import { measured } from "./shared/probe.js";
import { refill } from "./shared/redraw.js";
import { textChange } from "./shared/text_change.js";
import { markVersion, versionList, versionRow } from "./shared/version_list.js";
import { when } from "./shared/when.js";

/** @typedef {{revision: number, began: number, time: number, who: string, label: string, n: number, name: string | null, is_now: boolean}} HistoryRow */

function render({ model, el, signal }) {
  const pane = new PassageHistory(model, el, signal);
  model.on("msg:custom", afterPress(el, (message) => pane.receive(message), signal));
}

class PassageHistory {
  constructor(model, el, signal) {
    this.model = model;
    this.id = crypto.randomUUID?.() ?? String(Math.random());
    this.chosen = null;
    this.isBack = false;
    this.build(el, signal);
  }

  build(el, signal) {
    this.toggle = h(
      "button",
      { type: "button", className: "gb-past-toggle", "aria-expanded": "false", title: "What this passage was, and bringing it back (Alt+H)", onclick: () => this.open(this.body.hidden) },
      icon("chevron"), h("span", {}, "History of this passage"), (this.count = h("span", { className: "gb-past-count" })),
    );
    this.list = versionList("Versions of this passage, newest first");
    this.detail = h("div", { className: "gb-past-detail", "aria-live": "polite" });
    this.body = h("div", { className: "gb-past-body", hidden: true }, this.list, this.detail);
    const root = h("div", { className: "gb-root gb-past" }, this.toggle, this.body);
    keepKeys(root, signal);
    el.append(root);
  }

  send(message) {
    this.model.send({ view: this.id, ...message });
  }

  /** @param {boolean} isOpen */
  open(isOpen) {
    this.body.hidden = !isOpen;
    this.toggle.setAttribute("aria-expanded", String(isOpen));
    this.send({ type: "open", is_open: isOpen });
    if (isOpen) this.list.focus();
    else ((this.chosen = null), (this.count.textContent = ""));
  }

  receive(message) {
    if (message.view && message.view !== this.id) return;
    if (message.type === "history" && !this.body.hidden) this.showHistory(message);
    else if (message.type === "version") this.showVersion(message);
  }

  showHistory({ passage, rows }) {
    const isOther = passage !== this.passage;
    this.passage = passage;
    if (isOther || !rows.some((row) => row.revision === this.chosen)) this.chosen = null;
    this.count.textContent = rows.length ? plural(rows.length, "version") : "";
    refill(this.list, rows, () => rows.map((row) => this.row(row)));
    this.list.hidden = !rows.length;
    if (this.chosen !== null) this.send({ type: "look", revision: this.chosen });
    else this.say(!passage ? "Select a passage to see what it was." : rows.length ? "Choose a version to see what changed in it." : "This passage was not changed here yet.");
    markVersion(this.list, this.chosen);
  }

  /** @param {HistoryRow} row */
  row(row) {
    const span = row.n > 1 && when(row.began) !== when(row.time) ? `${when(row.began)} – ${when(row.time)}` : when(row.time);
    const what = row.n > 1 ? plural(row.n, "edit") : row.label;
    const mark = row.is_now ? h("span", { className: "gb-version-name gb-is-now" }, "as now") : row.name ? h("span", { className: "gb-version-name", title: row.name }, row.name) : null;
    return versionRow(
      row.revision, (id) => this.look(id),
      h("div", { className: "gb-past-line" }, h("span", {}, span), mark),
      h("div", { className: "gb-past-meta", title: `${row.who} · ${what}` }, `${row.who} · ${what}`),
    );
  }

  look(revision) {
    this.chosen = revision;
    markVersion(this.list, this.chosen);
    this.send({ type: "look", revision });
  }

  showVersion(version) {
    if (version.revision !== this.chosen) return; // another was chosen since
    const hadFocus = this.detail.contains(document.activeElement);
    const isOther = refill(this.detail, [version, this.isBack], () => this.compared(version));
    if (hadFocus && isOther) this.detail.querySelector("[aria-pressed=true]").focus();
  }

  compared(version) {
    const choice = (label, isBack, title) =>
      button({ label, title, className: "gb-outlined gb-choice", onclick: () => ((this.isBack = isBack), this.showVersion(version)) });
    const then = choice("Changed then", false, "From the version before to this one");
    const now = choice("Against now", true, "What bringing it back would change");
    then.setAttribute("aria-pressed", String(!this.isBack));
    now.setAttribute("aria-pressed", String(this.isBack));
    const restore = button({ icon: "undo", label: "Restore", title: "Put this text in place of the one above; an edit that can be undone", className: "gb-primary", onclick: () => this.send({ type: "restore", revision: version.revision }) });
    restore.disabled = !version.can_restore;
    const pieces = this.isBack ? version.back : version.came;
    const isSame = !pieces.some(([kind]) => kind !== "same");
    return [
      h("div", { className: "gb-past-bar" }, then, now, restore),
      isSame ? h("p", { className: "gb-past-note" }, this.isBack ? "The text is just this now." : "The text stayed the same: name, tags or place on the map changed.") : textChange(pieces),
    ];
  }

  /** @param {string} words */
  say(words) {
    refill(this.detail, words, () => [h("p", { className: "gb-past-note" }, words)]);
  }
}

export default measured({ render });
