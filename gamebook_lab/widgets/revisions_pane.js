// Revisions: what was done, by whom and when; what it changed; going back; and deciding between two texts.
import { catchingUp } from "./shared/catching_up.js";
import { button, icon } from "./shared/controls.js";
import { count, plural } from "./shared/counted.js";
import { h } from "./shared/dom.js";
import { keepKeys } from "./shared/keys.js";
import { afterPress } from "./shared/press.js";
import { measured } from "./shared/probe.js";
import { refill } from "./shared/redraw.js";
import { changeList, conflictCard } from "./shared/text_change.js";
import { markVersion, versionList, versionRow } from "./shared/version_list.js";
import { when } from "./shared/when.js";
import { visible } from "./shared/visible.js";

const PAGE = 200;
const QUIET_MS = 250;

function render({ model, el, signal }) {
  const pane = new Revisions(model, el, signal);
  model.on("msg:custom", afterPress(el, (message) => pane.receive(message), signal));
  pane.send({ type: "hello" });
  pane.ask();
}

class Revisions {
  constructor(model, el, signal) {
    this.model = model;
    this.id = crypto.randomUUID?.() ?? String(Math.random());
    this.most = PAGE;
    this.isPassage = false;
    /** @type {number | string | null} */
    this.chosen = null;
    this.choices = {};
    this.build(el, signal);
  }

  build(el, signal) {
    this.state = h("span", { className: "gb-rev-state", role: "status" });
    this.only = h("input", { type: "checkbox", onchange: () => this.filter(this.only.checked) });
    this.onlyName = h("span", {}, "Only this passage");
    const bar = h(
      "div",
      { className: "gb-rev-bar" },
      this.state,
      h("label", { className: "gb-rev-only" }, this.only, this.onlyName),
      (this.backup = button({ icon: "save", label: "Back up now", title: "Copy all that is kept, and try that copy out", className: "gb-outlined", onclick: () => this.send({ type: "backup" }) })),
    );
    this.decisions = h("div", { className: "gb-rev-decisions", role: "region", "aria-label": "To decide" });
    this.list = versionList("Revisions, newest first");
    this.detail = h("div", { className: "gb-rev-detail", "aria-live": "polite" });
    this.root = h("div", { className: "gb-root gb-rev" }, bar, this.decisions, h("div", { className: "gb-rev-body" }, this.list, this.detail));
    keepKeys(this.root, signal);
    signal?.addEventListener("abort", () => clearTimeout(this.timer));
    el.append(this.root);
    this.showDetail(null);
  }

  send(message) {
    this.model.send({ view: this.id, ...message });
  }

  ask() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send({ type: "page", most: this.most, is_passage: this.isPassage }), this.page ? QUIET_MS : 0);
  }

  receive(message) {
    if (message.view && message.view !== this.id) return;
    const handlers = {
      situation: () => this.showSituation(message),
      page: () => this.showPage(message),
      looked: () => this.showDetail(message),
      stale: () => this.ask(),
    };
    handlers[message.type]?.();
  }

  filter(isOn) {
    this.isPassage = isOn;
    this.chosen = null;
    this.showDetail(null);
    this.send({ type: "page", most: this.most, is_passage: isOn });
  }

  // ---- what is so, and what is to be decided

  showSituation(situation) {
    const hasMoved = this.situation && this.situation.selected !== situation.selected;
    this.situation = situation;
    const { text, tone } = stateOf(situation);
    const sign = icon(tone === "good" ? "check" : tone === "bad" ? "error" : "info");
    this.state.className = `gb-rev-state gb-is-${tone}`;
    this.state.replaceChildren(sign, h("span", {}, text));
    this.state.title = situation.place ? `Kept in ${situation.place}` : "";
    this.backup.disabled = !situation.has_workspace;
    this.only.disabled = situation.selected === null;
    this.onlyName.textContent = situation.selected === null ? "Only one passage" : visible(`Only “${situation.selected}”`);
    this.showDecisions(situation);
    if (hasMoved && this.isPassage) this.filter(true);
  }

  showDecisions({ conflicts, outside }) {
    const card = (conflict) =>
      conflictCard({
        conflict,
        title: `“${conflict.name}” was changed in two places at once`,
        theirs: "In the story now",
        ours: `Kept aside (${conflict.who}, ${when(conflict.time)})`,
        choose: (choice) => this.send({ type: "settle", id: conflict.id, choice }),
      });
    const hadFocus = this.decisions.contains(document.activeElement);
    const isOther = refill(this.decisions, [conflicts, outside], () => [...(outside ? [this.outside(outside)] : []), ...conflicts.map(card)]);
    this.decisions.hidden = !outside && !conflicts.length;
    if (hadFocus && isOther) this.list.focus(); // or the next shortcut would go to the notebook
  }

  outside({ changes, conflicts }) {
    const merge = button({ label: "Merge", title: "Take both sides' changes; Undo takes that back", className: "gb-primary", onclick: () => this.send({ type: "merge", choices: this.choices }) });
    const refresh = () => (merge.disabled = !conflicts.every((conflict) => this.choices[conflict.uid]));
    const cards = conflicts.map((conflict) =>
      conflictCard({
        conflict,
        title: `Both sides changed “${conflict.name}”`,
        theirs: "In the file",
        ours: "Here",
        chosen: this.choices[conflict.uid],
        choose: (choice) => ((this.choices[conflict.uid] = choice), refresh()),
      }),
    );
    refresh();
    const use = button({ label: "Use the file’s story", title: "Take what the file has in place of what is here; Undo takes that back", className: "gb-outlined", onclick: () => this.send({ type: "reload" }) });
    const foreign = changes.filter((change) => !conflicts.some((conflict) => conflict.uid === change.uid));
    return h(
      "div",
      { className: "gb-rev-card" },
      h("div", { className: "gb-rev-head" }, icon("warning"), h("strong", {}, "The file was changed outside"), h("span", { className: "gb-rev-actions" }, use, merge)),
      ...cards,
      foreign.length ? h("p", {}, `Merging would ${cards.length ? "also " : ""}bring ${plural(foreign.length, "passage")} from the file:`) : h("p", {}, "Nothing else of the file differs from what is here."),
      changeList(foreign),
    );
  }

  // ---- the list

  showPage(page) {
    this.page = page;
    const top = this.list.scrollTop;
    refill(this.list, [page.rows, page.backups, page.has_more, this.isPassage], () => this.listed(page));
    this.list.scrollTop = top;
    markVersion(this.list, this.chosen);
  }

  listed(page) {
    const rows = page.rows.map((row) => this.row(row));
    const backups = this.isPassage ? [] : page.backups.map((backup) => this.backupRow(backup));
    const more = page.has_more ? [button({ label: "Show earlier ones", className: "gb-outlined gb-rev-more", onclick: () => ((this.most += 5 * PAGE), this.ask()) })] : [];
    const parts = [...rows, ...more];
    if (!rows.length) parts.push(h("div", { className: "gb-empty" }, icon("undo"), this.isPassage ? "This passage was not changed yet" : "No edits yet. Each one is kept here, for good."));
    if (backups.length) parts.push(h("div", { className: "gb-rev-section" }, "Backups"), ...backups);
    return parts;
  }

  row(row) {
    const name = row.name ? h("span", { className: "gb-version-name", title: row.note ?? "" }, icon("flag"), row.name) : null;
    const many = row.kind !== "save" && row.n_passages !== 1 ? h("span", { className: "gb-rev-n" }, row.n_passages ? plural(row.n_passages, "passage") : "") : null;
    return versionRow(
      row.revision, (id) => this.look(id),
      h("div", { className: "gb-rev-line" }, h("span", { className: `gb-rev-label gb-is-${row.kind}`, title: row.label }, labelOf(row)), name, many),
      h("div", { className: "gb-rev-meta" }, `${row.who} · ${when(row.time)}`, h("span", { className: "gb-rev-number" }, count(row.revision))),
    );
  }

  backupRow(backup) {
    return versionRow(
      backup.name, (id) => this.look(id),
      h("div", { className: "gb-rev-line" }, h("span", { className: "gb-rev-label" }, `Backup of revision ${count(backup.revision)}`), h("span", { className: "gb-rev-n" }, size(backup.size_bytes))),
      h("div", { className: "gb-rev-meta" }, `tried out · ${when(backup.time)}`),
    );
  }

  look(id, isBack = false) {
    this.chosen = id;
    markVersion(this.list, this.chosen);
    this.send({ type: "look", revision: id, is_back: isBack });
  }

  // ---- one revision

  showDetail(looked) {
    if (!looked) {
      this.detail.replaceChildren(h("div", { className: "gb-empty" }, icon("passage"), "Choose a revision to see what it changed"));
      return;
    }
    if (String(looked.revision) !== String(this.chosen)) return; // another was chosen since
    const row = this.page?.rows.find((each) => each.revision === looked.revision);
    const isBackup = typeof looked.revision === "string";
    const back = looked.is_back || isBackup;
    const title = isBackup ? "Going back to this backup would change" : back ? `Going back to revision ${count(looked.revision)} would change` : row?.label ?? `Revision ${looked.revision}`;
    const restore = (uid) => this.send({ type: "restore", revision: looked.revision, uid });
    const actions = back
      ? [
          isBackup ? null : button({ label: "What it changed", className: "gb-outlined", onclick: () => this.look(looked.revision) }),
          looked.n ? button({ icon: "undo", label: "Go back to it", title: "All of the story as it was; that is an edit that can be undone", className: "gb-primary", onclick: () => restore(null) }) : null,
        ]
      : [
          button({ icon: "flag", label: row?.name ? "Rename" : "Name it", className: "gb-outlined", onclick: () => this.naming(row) }),
          button({ icon: "undo", label: "Go back…", title: "Show what going back to it would change", className: "gb-outlined", onclick: () => this.look(looked.revision, true) }),
        ];
    const nothing = back ? "Nothing: the story is just as it was then" : row?.kind === "save" ? "The story was written to its file" : "Nothing that shows";
    this.detail.replaceChildren(
      h("div", { className: "gb-rev-head" }, h("strong", { title }, title), h("span", { className: "gb-rev-actions" }, ...actions)),
      (this.form = h("div")),
      ...(row?.note ? [h("p", { className: "gb-rev-note" }, row.note)] : []),
      ...(looked.rows.length ? [changeList(looked.rows, back ? { verb: "Only this passage", act: (change) => restore(change.uid) } : null)] : [h("p", { className: "gb-rev-nothing" }, nothing)]),
      looked.n > looked.rows.length ? h("p", { className: "gb-rev-nothing" }, `and ${plural(looked.n - looked.rows.length, "more passage")}`) : "",
    );
    this.detail.scrollTop = 0;
  }

  naming(row) {
    const name = h("input", { className: "gb-input", value: row?.name ?? "", placeholder: "Name, such as “as sent to the editor”", "aria-label": "Name of this revision", maxLength: 120 });
    const note = h("input", { className: "gb-input", value: row?.note ?? "", placeholder: "Note", "aria-label": "Note", maxLength: 1000 });
    const done = () => {
      if (!name.value.trim()) return name.focus();
      this.send({ type: "name", revision: this.chosen, name: name.value.trim(), note: note.value.trim() });
      this.form.replaceChildren();
    };
    const keys = (event) => (event.key === "Enter" ? done() : event.key === "Escape" ? this.form.replaceChildren() : null);
    name.addEventListener("keydown", keys);
    note.addEventListener("keydown", keys);
    this.form.replaceChildren(h("div", { className: "gb-rev-naming" }, name, note, button({ label: "Keep the name", className: "gb-primary", onclick: done })));
    name.focus();
  }
}

/** @param {{kind: string, label: string}} row */
function labelOf(row) {
  return { undo: `Undo: ${row.label}`, redo: `Redo: ${row.label}` }[row.kind] ?? row.label;
}

/** In words: what is kept, and what the file has. */
export function stateOf({ has_workspace, n_waiting, trouble, is_dirty }) {
  if (trouble) return { text: `${plural(n_waiting, "edit is", "edits are")} not kept yet: ${trouble}. Tried again every second`, tone: "bad" };
  if (n_waiting) return { text: "Keeping…", tone: "plain" };
  if (!has_workspace) return { text: "Nothing to keep yet", tone: "plain" };
  return is_dirty ? { text: "All changes kept, not in the file yet", tone: "good" } : { text: "All changes kept and in the file", tone: "good" };
}

/** @param {number} bytes */
const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

export default measured(catchingUp({ render }));
