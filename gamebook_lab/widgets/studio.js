// The Studio: toolbar, notices, and widgets in panes that can be resized.
import { button, icon } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { noteClosed } from "./shared/closed_note.js";
import { heartbeat } from "./shared/heartbeat.js";
import { helpOverlay } from "./shared/help_overlay.js";
import { isMod, keepKeys, shortcut } from "./shared/keys.js";
import { menu } from "./shared/menu.js";
import { asksWhere, copyOf, noticeBar, storyChoice } from "./shared/notices.js";
import { measured } from "./shared/probe.js";
import { quickSearch } from "./shared/quick_search.js";
import { replacePanel } from "./shared/replace_panel.js";
import { splitter } from "./shared/splitter.js";
import { tabBar } from "./shared/tabs.js";
import { tweeDialog } from "./shared/twee_dialog.js";
import { visible } from "./shared/visible.js";

/** @typedef {{name: string, label: string, place: "tab" | "editor" | "below" | "bottom" | "foot", hint: string}} Pane  as panes.py has it */

const SILENT =
  "Python does not answer. It is busy, or it was stopped or restarted. If this message stays, run the cell again (Run > Run Selected Cell): " +
  "what you have typed into a passage since then comes back; nothing else that you do here is kept.";

function render({ model, el, host, signal }) {
  const studio = new Studio(model, el, host, signal);
  model.on("msg:custom", (message) => studio.receive(message));
  model.on("change:parts", () => studio.mount());
  window.addEventListener("beforeunload", (event) => studio.state?.is_dirty && event.preventDefault(), { signal });
  requestAnimationFrame(() => noteClosed(el, signal)); // it is in the page by then
  studio.mount();
  studio.send({ type: "hello" });
}

const KEEPING = "Keeping…";
const CALM_MS = 400;

class Studio {
  constructor(model, el, host, signal) {
    this.model = model;
    this.host = host;
    this.signal = signal;
    this.id = crypto.randomUUID?.() ?? String(Math.random());
    this.state = null;
    /** Notices that are shown, by id. @type {Map<number, HTMLElement>} */
    this.bars = new Map();
    this.build(el);
    this.answered = heartbeat({ ask: () => this.send({ type: "ping" }), tell: (isSilent) => this.showSilent(isSilent), signal });
  }

  /** Gives whether it went: there may be no connection. */
  send(message) {
    return this.model.send({ view: this.id, ...message });
  }

  showSilent(isSilent) {
    this.silent.hidden = !isSilent;
    this.dirty.hidden = isSilent; // it tells of a kernel that has gone
  }

  // ---- elements

  build(el) {
    this.notices = h("div", { className: "gb-notices" });
    this.silent = h("div", { className: "gb-banner gb-is-error gb-silent", role: "alert", hidden: true }, SILENT);
    this.replace = replacePanel({
      preview: (query) => this.send({ type: "preview", query }),
      replace: (query) => this.send({ type: "replace", query }),
      go: (row) => this.send({ type: "select", key: row.key, span: row.where === "text" ? [row.start, row.stop] : null }),
      close: () => ((this.replace.element.hidden = true), this.writeOn()),
    });
    /** @type {Pane[]} */ this.layout = this.model.get("panes");
    this.panes = Object.fromEntries(this.layout.map((pane) => [pane.name, this.pane(pane)]));
    this.help = helpOverlay();
    this.twee = tweeDialog({ add: (text) => this.send({ type: "paste", text }) });
    this.body = h("div", { className: "gb-studio-body" });
    this.body.append(this.left(), this.leftSplitter(), this.right(), this.bottomSplitter(), this.bottom());
    this.loading = h("div", { className: "gb-studio-loading", hidden: true });
    this.root = h("div", { className: "gb-root gb-studio" }, this.toolbar(), this.silent, this.notices, this.twee.element, this.body, ...this.at("foot"), this.loading, this.help.element);
    // on the way down: the panes keep their keys to themselves
    this.root.addEventListener("keydown", (event) => this.onKey(event), { capture: true, signal: this.signal });
    keepKeys(this.root, this.signal);
    el.classList.add("gb-studio-host");
    el.append(this.root);
  }

  /** @param {Pane} pane */
  pane({ name, label, place }) {
    return h("div", { className: `gb-pane gb-place-${place} gb-pane-${name}`, role: "region", "aria-label": label });
  }

  /** Panes of a place. @param {Pane["place"]} place */
  at(place) {
    return this.layout.filter((pane) => pane.place === place).map((pane) => this.panes[pane.name]);
  }

  toolbar() {
    this.title = h("span", { className: "gb-title" });
    this.file = h("button", { type: "button", className: "gb-file", title: "Save as…", onclick: () => this.send({ type: "where" }) });
    this.dirty = h("span", { className: "gb-dirty", role: "status" });
    this.undo = button({ icon: "undo", title: "Undo", onclick: () => this.send({ type: "undo" }) });
    this.redo = button({ icon: "redo", title: "Redo", onclick: () => this.send({ type: "redo" }) });
    this.saveButton = button({ icon: "save", label: "Save", title: `Save (${shortcut("S")})`, className: "gb-primary", onclick: () => this.save() });
    this.search = quickSearch({
      ask: (typed) => this.send({ type: "search", typed }),
      go: (hit) => (this.writeOn(), this.send({ type: "select", key: hit.key, span: hit.span })),
      hint: `Find a passage by its name or text (${shortcut("K")})`,
    });
    return h(
      "div",
      { className: "gb-toolbar", role: "toolbar", "aria-label": "Story" },
      h("div", { className: "gb-identity" }, this.title, this.file, this.dirty),
      this.undo,
      this.redo,
      button({ icon: "plus", label: "New passage", className: "gb-can-shrink", onclick: () => this.create() }),
      button({ icon: "replace", label: "Find & replace", title: `Find and replace in all passages (${shortcut("Shift+F")})`, className: "gb-can-shrink", onclick: () => this.toggleReplace() }),
      this.search.element,
      this.menu(),
      this.saveButton,
    );
  }

  menu() {
    const item = (label, title, onclick) => button({ label, title, onclick: () => ((more.open = false), more.firstChild.focus(), onclick()) });
    const write = (label, what, title) => item(label, title, () => this.send({ type: "print", what }));
    const more = menu(
      h("summary", { className: "gb-button", title: "More" }, "More"),
      h(
        "div",
        { className: "gb-menu-items" },
        item("Add Twee…", "Add passages that are written or pasted as Twee", () => this.twee.open()),
        write("Proofing copy", "proof", "Write every passage, numbered, as a page to print, beside the story"),
        write("Gamebook on paper", "paper", "Write the story as numbered sections to print, beside the story, if paper can hold it"),
        h("hr"),
        write("Export as HTML", "html", "Write the whole story as HTML that Twine opens, beside the story's file"),
        write("Export as Twee", "twee", "Write the whole story as a Twee file, beside the story's file"),
        write("Export as JSON", "json", "Write the whole story as Twine JSON, beside the story's file"),
        h("hr"),
        item("Keyboard shortcuts", "All of them (?)", () => this.help.toggle()),
      ),
      { isRight: true },
    );
    return more;
  }

  left() {
    const tabs = this.layout.filter((pane) => pane.place === "tab");
    this.tabs = tabBar({ tabs, label: "Views of the story", panels: this.panes, show: (name) => this.mountPart(name) });
    return h("div", { className: "gb-pane-left" }, h("div", { className: "gb-tabs" }, this.tabs.element), ...this.at("tab"), this.replace.element);
  }

  right() {
    return h("div", { className: "gb-pane-right" }, ...this.at("editor"), ...this.at("below"));
  }

  bottom() {
    const fold = button({ icon: "chevron", title: "Fold the problems away", className: "gb-fold", onclick: () => this.fold() });
    return h("div", { className: "gb-pane-bottom" }, ...this.at("bottom"), fold);
  }

  leftSplitter() {
    return splitter({
      axis: "x", label: "Width of the map", initial: 52, least: 20, most: 80, memory: "studio.left",
      apply: (percent) => this.body.style.setProperty("--gb-left", `${percent}%`),
      area: () => this.body.getBoundingClientRect(),
    });
  }

  bottomSplitter() {
    return splitter({
      axis: "y", label: "Height of the problems", initial: 74, least: 30, most: 93, memory: "studio.top",
      apply: (percent) => this.body.style.setProperty("--gb-bottom", `${100 - percent}%`),
      area: () => this.body.getBoundingClientRect(),
    });
  }

  fold() {
    const isFolded = this.body.classList.toggle("gb-is-folded");
    this.body.querySelector(".gb-fold").title = isFolded ? "Show the problems" : "Fold the problems away";
  }

  /** The editor takes the focus to the new passage's name. */
  create() {
    this.panes.editor.querySelector(".gb-editor")?.dispatchEvent(new CustomEvent("gb-naming"));
    this.send({ type: "create" });
  }

  /** Give the focus to the text. */
  writeOn() {
    this.panes.editor.querySelector(".cm-content")?.focus();
  }

  toggleReplace() {
    if (this.replace.element.hidden) this.replace.open();
    else this.replace.element.hidden = true;
  }

  onKey(event) {
    const isInput = event.target.closest("input, textarea, select, [contenteditable='true']");
    if (event.key === "?" && !isInput && this.help.element.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.help.toggle();
      return;
    }
    if (event.altKey && !event.ctrlKey && !event.metaKey && /^Digit\d$/.test(event.code)) {
      const tab = this.layout.filter((pane) => pane.place === "tab")[Number(event.code.at(-1)) - 1];
      event.preventDefault();
      event.stopPropagation();
      if (tab) (this.tabs.select(tab.name), (this.panes[tab.name].querySelector("canvas[tabindex]") ?? this.panes[tab.name].querySelector("input, [tabindex='0']"))?.focus());
      else if (event.code === "Digit0") this.writeOn();
      return;
    }
    if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === "KeyH") {
      event.preventDefault();
      event.stopPropagation();
      this.panes.history.querySelector(".gb-past-toggle")?.click();
      return;
    }
    if (!isMod(event)) return;
    const key = event.key.toLowerCase();
    const isEditing = this.panes.editor.contains(event.target); // which saves by itself, after what is typed
    const isTyping = event.target.closest("input, textarea, [contenteditable='true']"); // which undo by themselves
    const undo = () => this.send({ type: event.shiftKey ? "redo" : "undo" });
    let action = null;
    if (key === "s" && !isEditing) action = () => this.save();
    else if (key === "k") action = () => this.search.focus();
    else if (key === "f" && event.shiftKey) action = () => this.replace.open();
    else if (key === "z" && !isTyping) action = undo;
    else if (key === "y" && !isTyping) action = () => this.send({ type: "redo" });
    if (!action) return;
    event.preventDefault();
    event.stopPropagation(); // once is enough
    action();
  }

  save() {
    document.activeElement?.blur?.(); // an editor sends what was typed when it loses the focus
    this.send({ type: "save" });
  }

  // ---- the widgets

  /** Tabs are mounted when they are first looked at, and made by then; all else at once. */
  async mount() {
    if (!this.tabs.current()) this.tabs.select(this.layout.find((pane) => pane.place === "tab").name);
    for (const pane of this.layout) if (pane.place !== "tab" || pane.name === this.tabs.current()) await this.mountPart(pane.name);
  }

  async mountPart(name) {
    const reference = this.model.get("parts")[name];
    const pane = this.panes[name];
    if (!reference && this.state?.title && !pane.dataset.reference) this.send({ type: "look", pane: name });
    if (!reference || pane.dataset.reference === reference) return;
    pane.dataset.reference = reference;
    const widget = await this.host.getWidget(reference);
    const el = h("div", { className: "gb-part" });
    pane.replaceChildren(el);
    await widget.render({ el, signal: this.signal });
  }

  // ---- from Python

  receive(message) {
    if (message.view && message.view !== this.id) return;
    this.answered();
    const handlers = {
      state: () => this.showState(message),
      notices: () => this.showNotices(message.notices),
      found: () => this.search.show(message),
      show: () => this.tabs.select(message.tab),
      previewed: () => this.replace.show(message),
    };
    handlers[message.type]?.();
  }

  showState(state) {
    const hasChanged = this.state && state.undo !== this.state.undo;
    const isReady = state.title && !this.state?.title;
    this.state = state;
    if (isReady) this.mount();
    this.showWaiting();
    this.title.textContent = visible(state.title) || state.loading || (this.which ? "Choose a story" : "No story");
    this.title.title = `${state.title} (${state.language})`;
    this.file.textContent = visible(state.file) ?? (state.title ? "not in a file yet" : "");
    this.file.hidden = !state.title;
    this.file.title = state.path ? `${state.path}\nClick to save as…` : "Click to save as…";
    this.showKept(state);
    this.label(this.undo, "Undo", state.undo, shortcut("Z"));
    this.label(this.redo, "Redo", state.redo, shortcut("Y"));
    this.saveButton.disabled = !state.is_dirty && Boolean(state.file);
    if (hasChanged) this.replace.refresh();
  }

  /** What stands in place of the panes while there is no story: the file is being read, or holds several. */
  showWaiting() {
    const loading = this.state?.loading;
    const shown = loading ? `reading ${loading}` : this.which ? `which ${this.which.id}` : "";
    this.root.classList.toggle("gb-is-loading", Boolean(shown));
    this.loading.hidden = !shown;
    if (shown === this.waiting) return;
    this.waiting = shown;
    const choice = this.which && !loading ? storyChoice(this.which, (index) => this.send({ type: "open", index })) : null;
    this.loading.replaceChildren(...(choice ? [choice] : loading ? skeleton(loading) : []));
    choice?.querySelector("button")?.focus();
  }

  /** Says at once that something is not kept yet, and a little later that it is: no flicker while somebody types. */
  showKept(state) {
    clearTimeout(this.keptTimer);
    const show = () => {
      const [words, why] = keptWords(state);
      this.dirty.textContent = words;
      this.dirty.title = why;
      this.dirty.classList.toggle("gb-is-trouble", Boolean(state.trouble));
      this.dirty.classList.toggle("gb-is-dirty", state.is_dirty && !state.is_kept);
    };
    if (this.dirty.textContent !== KEEPING || state.is_waiting) show();
    else this.keptTimer = setTimeout(show, CALM_MS);
  }

  label(element, verb, what, keys) {
    element.disabled = what === null;
    element.title = what === null ? `Nothing to ${verb.toLowerCase()}` : `${verb}: ${what} (${keys})`;
    element.setAttribute("aria-label", element.title);
  }

  showNotices(notices) {
    const hooks = {
      save: (path, overwrite) => this.send({ type: "save", path, overwrite }),
      reload: () => this.send({ type: "reload" }),
      compare: () => (this.tabs.select("revisions"), this.send({ type: "compare" })),
      write: (what) => this.send({ type: "print", what, overwrite: true }),
      dismiss: (id) => this.send({ type: "dismiss", id }),
      suggest: copyOf(this.state?.path ?? null),
    };
    this.which = notices.find((notice) => notice.kind === "which");
    const hadFocus = this.notices.contains(document.activeElement);
    const shown = notices.filter((notice) => notice !== this.which).map((notice) => notice.id);
    for (const [id, bar] of this.bars) if (!shown.includes(id)) (bar.remove(), this.bars.delete(id));
    for (const notice of notices) if (shown.includes(notice.id) && !this.bars.has(notice.id)) this.addBar(notice, hooks); // those that stay may be written in
    this.showWaiting();
    if (hadFocus && !this.notices.contains(document.activeElement)) this.writeOn();
  }

  addBar(notice, hooks) {
    const bar = noticeBar(notice, hooks);
    this.bars.set(notice.id, bar);
    this.notices.append(bar);
    const path = bar.querySelector(".gb-path");
    if (path) path.scrollLeft = path.scrollWidth; // the name is at its end
    if (asksWhere(notice)) path.focus();
  }
}

/** What is kept of the work, in a word or two, and what that means. @returns {[string, string]} */
export function keptWords({ file, is_dirty, is_kept, is_waiting, trouble }) {
  if (trouble) return [`Not kept: ${trouble}`, "Edits stay here and are tried again every second; do not close the kernel"];
  if (is_waiting) return [KEEPING, "Edits are on their way to the disk"];
  if (!is_dirty) return file ? ["Saved", "All changes are kept, and written to the file"] : ["", ""];
  if (!is_kept) return ["Unsaved", "Save the story to a file; from then on every edit is kept"];
  return ["All changes kept", `Nothing can be lost; ${file} does not have the newest edits yet`];
}

/** What stands there while a large file is read. @param {string} name */
function skeleton(name) {
  return [icon("passage"), h("div", {}, `Opening ${name}…`), h("div", { className: "gb-progress", role: "progressbar", "aria-label": "Reading the file" })];
}

export default measured({ render });
