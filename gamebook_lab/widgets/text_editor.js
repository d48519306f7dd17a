// The text editor: CodeMirror on the selected passage. What is typed goes to Python as splices on a numbered revision.
import { snippet } from "@codemirror/autocomplete";
import { setDiagnostics } from "@codemirror/lint";
import { EditorState, Transaction } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { keepingCaret } from "./shared/caret.js";
import { wanted } from "./shared/completion.js";
import { button, icon } from "./shared/controls.js";
import { plural } from "./shared/counted.js";
import { h } from "./shared/dom.js";
import { forgetTyping, setup } from "./shared/editor_setup.js";
import { isMod, keepKeys } from "./shared/keys.js";
import { shownAtFirst } from "./shared/long_lines.js";
import { Offsets } from "./shared/offsets.js";
import { neighbours } from "./shared/neighbours.js";
import { measured } from "./shared/probe.js";
import { SyncedText } from "./shared/synced_text.js";
import { snippetMenu } from "./shared/snippet_menu.js";
import { usesList } from "./shared/uses_list.js";
import { tagList } from "./shared/tag_list.js";
import { decorate, setCode, setTokens, unchecked } from "./shared/tokens.js";
import { Unsent } from "./shared/unsent.js";
import { visible } from "./shared/visible.js";

const SEND_EVERY_MS = 60; // while typing; the first keystroke after a pause goes at once
const SLOW_MS = 2500;
const CREATABLE = new Set(["GB101", "GB108"]);

function render({ model, el, signal }) {
  const editor = new Editor(model, el, signal);
  model.on("msg:custom", (message) => editor.receive(message));
  window.addEventListener("beforeunload", () => (editor.flush(), editor.keepUnsent()), { signal });
  editor.send({ type: "hello", unsent: editor.unsent.left });
  return () => editor.close();
}

class Editor {
  constructor(model, el, signal) {
    this.model = model;
    this.id = crypto.randomUUID?.() ?? String(Math.random());
    this.seq = 0;
    /** @type {SyncedText | null} */
    this.text = null;
    /** Passages left with keystrokes that Python has not confirmed. @type {Map<number, SyncedText>} */
    this.leaving = new Map();
    this.unsent = new Unsent(model.widget_manager?.context?.path ?? "", this.id);
    /** @type {Map<number, (names: string[]) => void>} */
    this.asked = new Map();
    this.timer = 0;
    this.sentAt = 0;
    /** What takes the focus in the passage that was asked for. @type {"name" | "text" | null} */
    this.next = null;
    this.extensions = setup({
      complete: (context) => this.complete(context),
      onChange: (update) => this.onChange(update),
      follow: (position) => this.follow(position),
      uses: (position) => this.askAt("uses", position),
      rename: (position) => this.askAt("symbol", position),
      snippets: () => this.snippets.open(),
      undoStory: () => this.act("undo"),
      redoStory: () => this.act("redo"),
      save: () => this.act("save"),
    });
    this.build(el, signal);
    this.view = new EditorView({ parent: this.page, state: EditorState.create({ extensions: this.extensions }) });
    this.view.contentDOM.addEventListener("blur", () => this.flush());
    this.view.scrollDOM.addEventListener("scroll", () => (this.hasScrolled = true), { passive: true });
  }

  build(el, signal) {
    this.name = h("input", {
      className: "gb-editor-name",
      "aria-label": "Name of the passage",
      title: "Name of the passage; every link to it is renamed as well",
      spellcheck: false,
      onkeydown: (event) => {
        if (event.key === "Enter") (event.preventDefault(), this.name.blur(), this.view.focus());
        if (event.key === "Escape") (event.preventDefault(), (this.name.value = this.info.name), this.view.focus());
      },
      onblur: () => this.rename(),
    });
    this.tags = tagList((tags) => this.send({ type: "tags", key: this.text.key, tags }));
    this.start = button({ icon: "flag", title: "Start the story here", onclick: () => this.act("start") });
    const bin = button({ icon: "trash", title: "Delete this passage", onclick: () => this.act("delete") });
    this.banner = h("div", { className: "gb-banner", role: "status", hidden: true });
    this.page = h("div", { className: "gb-editor-page" });
    this.snippets = snippetMenu({ all: () => this.model.get("snippets"), insert: (text) => this.insert(text), leave: () => this.view.focus() });
    this.uses = usesList({ go: (use) => (this.flush(), this.send({ type: "select", key: use.key, span: [use.start, use.stop] })), close: () => this.view.focus() });
    const beside = {
      go: (key) => (this.flush(), this.send({ type: "select", key })),
      make: (name) => this.make(name),
      leave: () => this.passage.focus({ preventScroll: true }),
    };
    this.incoming = neighbours({ name: "incoming", title: "From", ...beside });
    this.outgoing = neighbours({ name: "outgoing", title: "To", ...beside });
    this.state = h("span", { className: "gb-editor-state", role: "status" });
    this.words = h("span", { className: "gb-editor-words" });
    this.passage = h(
      "div",
      { className: "gb-editor-passage", hidden: true, tabIndex: -1 },
      h("div", { className: "gb-editor-head" }, this.name, this.snippets.element, this.start, bin),
      h("div", { className: "gb-editor-under" }, this.tags.element, this.state, this.words),
      this.banner,
      this.page,
      this.uses.element,
      h("div", { className: "gb-editor-foot" }, this.incoming.element, this.outgoing.element),
    );
    this.empty = h(
      "div",
      { className: "gb-empty" },
      icon("passage"),
      h("div", {}, "Select a passage on the map, or create one."),
      button({ icon: "plus", label: "New passage", className: "gb-primary", onclick: () => ((this.next = "name"), this.act("create")) }),
    );
    const root = h("div", { className: "gb-root gb-editor" }, this.passage, this.empty);
    root.addEventListener("gb-naming", () => (this.next = "name")); // the Studio's button
    window.addEventListener("pointerdown", () => (this.next = null), { signal, capture: true });
    root.addEventListener("keydown", (event) => {
      if (isMod(event) && event.key.toLowerCase() === "s") (event.preventDefault(), document.activeElement === this.name && this.rename(), this.act("save"));
      if (isMod(event)) root.classList.add("gb-following");
    });
    for (const [target, type] of [[window, "keyup"], [window, "blur"]]) {
      target.addEventListener(type, (event) => isMod(event) || root.classList.remove("gb-following"), { signal, capture: true });
    }
    keepKeys(root, signal);
    el.append(root);
    this.root = root;
  }

  close() {
    this.flush();
    this.keepUnsent();
    this.unsent.end();
    clearTimeout(this.slow);
    this.view.destroy();
  }

  // ---- to Python

  /** Gives whether it went: there may be no connection. */
  send(message) {
    return this.model.send({ view: this.id, ...message });
  }

  /** Press a button, after all typing has been sent. @param {string} type */
  act(type) {
    this.flush();
    this.send({ type, key: this.text?.key });
  }

  rename() {
    const name = this.name.value.trim();
    if (!this.text || name === this.info.name) return;
    if (!name) this.name.value = this.info.name;
    else (this.flush(), this.send({ type: "rename", key: this.text.key, name }));
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.text) this.push(this.text);
    for (const text of this.leaving.values()) this.push(text);
  }

  /** @param {SyncedText} text */
  push(text) {
    const edit = text.take(++this.seq);
    if (edit) {
      this.sentAt = performance.now();
      const isSent = this.send({ type: "edit", key: text.key, seq: this.seq, ...edit });
      if (!isSent) text.reject(this.seq); // no connection at all: the kernel was restarted, and the Studio says so
    }
    this.showState();
  }

  /** Leave what Python has not confirmed to the next editor. */
  keepUnsent() {
    const texts = [...this.leaving.values(), ...(this.text ? [this.text] : [])];
    this.unsent.keep(texts.filter((text) => !text.isClean));
  }

  soon() {
    if (this.timer) return;
    const wait = this.sentAt + SEND_EVERY_MS - performance.now();
    if (wait <= 0) this.flush();
    else this.timer = setTimeout(() => this.flush(), wait);
  }

  /** @param {import("@codemirror/view").ViewUpdate} update */
  onChange(update) {
    if (!update.docChanged || !this.text) return;
    if (update.transactions.some((transaction) => transaction.annotation(Transaction.remote))) return;
    this.text.typed(update.changes);
    this.hideBanner();
    this.soon();
  }

  /** @param {number} position */
  follow(position, create = false) {
    if (!this.text) return;
    this.flush();
    if (create) this.next = "text";
    const at = new Offsets(this.view.state.doc.toString()).points(position);
    this.send({ type: "goto", key: this.text.key, at, create });
  }

  /** @param {"uses" | "symbol"} type @param {number} position */
  askAt(type, position) {
    if (!this.text) return;
    this.flush();
    this.send({ type, key: this.text.key, at: new Offsets(this.view.state.doc.toString()).points(position) });
  }

  /** @param {string} text */
  insert(text) {
    const { from, to } = this.view.state.selection.main;
    snippet(text)(this.view, null, from, to);
    this.view.focus();
  }

  /** Asks for the new name of what stands at the cursor. */
  askName({ kind, name, n, n_passages: nPassages }) {
    if (kind === "macro") return this.showBanner(`${name} is a macro: rename it by Find & replace.`, false);
    const input = h("input", { className: "gb-input", value: name, "aria-label": `New name of ${name}`, spellcheck: false });
    const rename = () => {
      const wanted = input.value.trim();
      this.hideBanner();
      this.view.focus();
      if (wanted && wanted !== name) (this.flush(), this.send({ type: "rename-symbol", kind, old: name, new: wanted }));
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") rename();
      else if (event.key === "Escape") (this.hideBanner(), this.view.focus());
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.showBanner(`Rename ${kind} ${name}, in ${plural(n, "place")} of ${plural(nPassages, "passage")}, to`, false, input, button({ label: "Rename", className: "gb-outlined", onclick: rename }));
    input.focus();
    input.select();
  }

  /** @param {import("@codemirror/autocomplete").CompletionContext} context */
  async complete(context) {
    const line = context.state.doc.lineAt(context.pos);
    const place = { language: this.model.get("language"), isVars: /^--$/m.test(context.state.sliceDoc(context.pos)) };
    const found = wanted(line.text.slice(0, context.pos - line.from), line.text.slice(context.pos - line.from), place);
    if (!found) return null;
    const id = ++this.seq;
    const names = await new Promise((resolve) => {
      this.asked.set(id, resolve);
      context.addEventListener?.("abort", () => resolve(null));
      this.send({ type: "complete", id, what: found.what, typed: found.typed, key: this.text?.key, at: new Offsets(context.state.doc.toString()).points(context.pos) });
    });
    this.asked.delete(id);
    if (!names?.length) return null;
    const apply = (view, completion, from, to) => {
      const { closes } = found;
      // past the brackets that closed themselves: what is typed next is no part of the link
      const past = found.what === "passage" && !closes && view.state.sliceDoc(to, to + 2) === "]]" ? 2 : closes.length;
      view.dispatch({
        changes: { from, to, insert: completion.label + closes },
        selection: { anchor: from + completion.label.length + past },
        userEvent: "input.complete",
      });
    };
    return { from: line.from + found.from, filter: false, options: names.map((label) => ({ label, displayLabel: visible(label), apply, type: found.what })) };
  }

  // ---- from Python

  receive(message) {
    if (message.view && message.view !== this.id && message.type !== "update") return;
    const handlers = {
      open: () => this.open(message),
      update: () => this.update(message),
      reject: () => this.reject(message),
      info: () => ((this.next = null), message.passage.key === this.text?.key && this.showInfo(message.passage)), // that is, too, what comes where no passage is made
      show: () => this.show(message),
      marks: () => this.mark(message),
      links: () => this.text?.key === message.key && this.fillLinks(message),
      names: () => this.asked.get(message.id)?.(message.names),
      missing: () => this.offer(message),
      uses: () => this.uses.show(message),
      symbol: () => this.askName(message),
      notice: () => this.showBanner(message.text, true),
    };
    handlers[message.type]?.();
  }

  open({ passage, revision, text, tokens, code, links, marks }) {
    const isOther = this.text?.key !== passage?.key;
    // first of all, as the focus may move: to that end the browser lays out what has changed by then
    if (links) this.fillLinks(links);
    else if (isOther && passage) this.fillLinks({ incoming: [], outgoing: [] }); // not known before the first check
    if (isOther || !passage) this.openOther(passage, revision, text, tokens, code);
    else this.reopen(passage, revision, text, tokens, code);
    if (marks) this.mark(marks);
  }

  openOther(passage, revision, text, tokens, code) {
    this.flush();
    if (this.text && !this.text.isClean) this.leaving.set(this.text.key, this.text);
    const hadFocus = (passage ? this.empty : this.root).contains(document.activeElement);
    this.passage.hidden = !passage;
    this.empty.hidden = Boolean(passage);
    this.hideBanner();
    this.text = null;
    if (!passage) {
      if (hadFocus) this.empty.querySelector("button").focus(); // or the next shortcut would go to the notebook
      return this.showState();
    }
    const back = this.unsent.take(passage, text);
    const left = this.leaving.get(passage.key) ?? back;
    this.leaving.delete(passage.key);
    this.text = left ?? new SyncedText(passage.key, revision, text);
    const { doc, edit } = shownAtFirst(left ? left.pending.apply(left.base) : this.text.base);
    this.view.setState(EditorState.create({ doc, extensions: this.extensions }));
    if (edit) this.view.dispatch(edit);
    if (left && left.revision !== revision) this.take(left.replaced(text, revision));
    this.colour(tokens, code);
    this.showInfo(passage);
    if (this.hasScrolled) this.view.scrollDOM.scrollTop = 0; // which has all laid out at once
    this.hasScrolled = false;
    if (left === back && back) this.showBanner("What you wrote here while Python was away is here again.", false);
    this.showState();
    if (left) this.soon();
    if (hadFocus) this.next ??= "text";
    this.focusNext();
  }

  /** A passage just made: its name is typed over, or its text is written. */
  focusNext() {
    const { next } = this;
    this.next = null;
    if (next === "name") (this.name.focus(), this.name.select());
    else if (next === "text") this.view.focus();
  }

  /** The same passage again, as after the kernel's widget was shown anew: keep cursor and typing. */
  reopen(passage, revision, text, tokens, code) {
    if (revision !== this.text.revision) this.take(this.text.replaced(text, revision));
    this.colour(tokens, code);
    this.showInfo(passage);
    this.flush();
  }

  update({ key, revision, changes, tokens, code, view, seq, is_history: isHistory }) {
    const text = this.text?.key === key ? this.text : this.leaving.get(key);
    if (!text) return;
    const isShown = text === this.text;
    if (!(view === this.id && text.confirm(seq, revision))) {
      const visible = text.remote(changes, revision);
      if (isShown) this.take(visible);
      if (isShown && isHistory) forgetTyping(this.view);
    }
    if (isShown) this.colour(tokens, code);
    if (!text.unsent.empty) this.soon();
    else if (!isShown) this.leaving.delete(key);
    this.showState();
  }

  /** @param {import("@codemirror/state").ChangeSet} changes */
  take(changes) {
    this.view.dispatch({ changes, annotations: [Transaction.remote.of(true), Transaction.addToHistory.of(false)] });
  }

  reject({ key, seq, is_gone: isGone }) {
    const text = this.text?.key === key ? this.text : this.leaving.get(key);
    if (isGone) return this.leaving.delete(key);
    text?.reject(seq);
    this.soon();
  }

  colour(flat, code) {
    const { base, pending } = this.text;
    const text = base.toString();
    const set = decorate(flat, this.model.get("token_kinds"), text).map(pending);
    keepingCaret(this.view, () => this.view.dispatch({ effects: [setTokens.of(set), setCode.of(unchecked(code, text).map(pending))] }));
  }

  mark({ key, revision, marks }) {
    if (this.text?.key !== key || this.text.revision !== revision) return;
    const { base, pending } = this.text;
    const offsets = new Offsets(base.toString());
    const diagnostics = marks.map((mark) => ({
      from: pending.mapPos(offsets.units(mark.start), 1),
      to: Math.max(pending.mapPos(offsets.units(mark.stop), -1), pending.mapPos(offsets.units(mark.start), 1)),
      severity: mark.severity,
      message: mark.message,
      renderMessage: () => h("div", { className: "gb-mark" }, h("div", {}, mark.message), mark.hint ? h("div", { className: "gb-hint" }, mark.hint) : null),
      actions: CREATABLE.has(mark.code) ? [{ name: "Create passage", apply: (_view, from) => this.follow(from, true) }] : [],
    }));
    keepingCaret(this.view, () => this.view.dispatch(setDiagnostics(this.view.state, diagnostics)));
  }

  show({ key, start, stop }) {
    if (this.text?.key !== key) return;
    const { base, pending } = this.text;
    const offsets = new Offsets(base.toString());
    const [anchor, head] = [start, stop].map((point) => pending.mapPos(Math.min(offsets.units(point), base.length)));
    this.view.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    this.view.focus();
  }

  // ---- around the text

  showInfo(info) {
    const isOther = this.info?.key !== info.key;
    this.info = info;
    this.text.name = info.name;
    this.text.id = info.id;
    if (isOther || document.activeElement !== this.name || this.name.value !== info.name) this.name.value = info.name;
    this.name.title = visible(info.name) === info.name ? "" : visible(info.name); // the field itself shows it as it is, to be edited
    this.tags.show(info.tags);
    this.start.classList.toggle("gb-is-on", info.is_start);
    this.start.title = info.is_start ? "The story starts here" : "Start the story here";
    this.start.disabled = info.is_start;
    this.words.textContent = info.kind === "story" ? plural(info.n_words, "word") : info.kind;
    this.root.classList.toggle("gb-is-code", info.kind === "script" || info.kind === "style");
  }

  fillLinks({ incoming, outgoing }) {
    this.incoming.show(incoming);
    this.outgoing.show(outgoing);
  }

  /** A passage of a name that a link has. @param {string} name */
  make(name) {
    this.flush();
    this.next = "text";
    this.send({ type: "create", key: this.text.key, name });
  }

  offer({ key, name, at }) {
    if (this.text?.key !== key) return;
    const position = new Offsets(this.view.state.doc.toString()).units(at);
    const create = button({ icon: "plus", label: "Create passage", className: "gb-outlined", onclick: () => (this.hideBanner(), this.follow(position, true)) });
    this.showBanner(`There is no passage “${name}” yet.`, false, create);
  }

  showBanner(text, isError, ...actions) {
    this.banner.classList.toggle("gb-is-error", isError);
    const close = button({ icon: "close", title: "Dismiss", onclick: () => this.hideBanner() });
    this.banner.replaceChildren(h("span", { className: "gb-message" }, text), ...actions, close);
    this.banner.hidden = false;
  }

  hideBanner() {
    this.banner.hidden = true;
  }

  /** Say so when Python has not taken what was typed for long: a cell may keep the kernel busy, or it is gone. */
  showState() {
    const isClean = (!this.text || this.text.isClean) && !this.leaving.size;
    if (isClean) {
      clearTimeout(this.slow);
      this.slow = 0;
      this.state.textContent = "";
      this.keepUnsent();
    } else this.slow ||= setTimeout(() => this.showSlow(), SLOW_MS);
  }

  showSlow() {
    this.state.textContent = "Waiting for the kernel…";
    this.keepUnsent();
    this.slow = setTimeout(() => this.showSlow(), SLOW_MS); // more may have been typed
  }
}


export default measured({ render });
