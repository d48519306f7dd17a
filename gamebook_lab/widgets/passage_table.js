// The passages table. What both sides say to each other is in table_messages.py.
import { SlickGrid } from "slickgrid";
import { catchingUp } from "./shared/catching_up.js";
import { button } from "./shared/controls.js";
import { h } from "./shared/dom.js";
import { isMod, keepKeys } from "./shared/keys.js";
import { manyBar, pasted } from "./shared/many_bar.js";
import { afterPress } from "./shared/press.js";
import { measured } from "./shared/probe.js";
import { COLUMNS } from "./shared/table_cells.js";
import { editorClass } from "./shared/table_editor.js";
import { makeFilters } from "./shared/table_filters.js";
import { Pages } from "./shared/table_pages.js";

/** @typedef {{field: string, ascending: boolean}} Sort */
/** @typedef {{type: "query", query: number, wanted: {sort: Sort[], text: string, kind: string, tag: string, problem: string, verdict: string}}} Query */
/** @typedef {{type: "page", query: number, start: number, stop: number}} GetPage @typedef {{type: "text", key: number}} GetText */
/** @typedef {{type: "edit", edit: number, key: number, field: string, value: string, was: string}} Edit */
/** @typedef {{type: "select", key: number, open: boolean}} Select @typedef {Query|GetPage|GetText|Edit|Select} ToPython each with `view` */
/** @typedef {{type: "order", query: number, version: number, n: number, total: number, selected: number|null, selected_row: number|null, kinds: {value: string, n: number}[], tags: {value: string, n: number}[]}} Order */

const ROW_HEIGHT = 28;
const AHEAD = 40; // rows beyond the screen that are fetched as well
const PACE = 120; // ms from one selected row to the next while an arrow key is held; the last one always counts

class PassageTableView {
  /** @param {(message: ToPython) => void} send @param {HTMLElement} el */
  constructor(send, el) {
    this.view = crypto.randomUUID?.() ?? String(Math.random());
    this.send = (message) => send({ ...message, view: this.view });
    this.query = 0;
    this.version = -1;
    /** @type {Sort[]} */ this.sort = [];
    this.selected = null;
    this.selectedRow = null;
    this.edits = new Map();
    this.edit = 0;
    /** What was typed and refused, by key and field. @type {Map<string, string>} */ this.refused = new Map();
    /** @type {Map<number, (text: string) => void>} */ this.texts = new Map();
    /** Passages to do something to, beside the selected one; the first is where a range begins. @type {Set<number>} */ this.marked = new Set();
    this.pages = new Pages((start, stop) => this.send({ type: "page", query: this.query, start, stop }));
    this.build(el);
    this.ask();
  }

  build(el) {
    this.filters = makeFilters(() => this.ask());
    this.stage = h("div.gb-table-grid", {});
    this.empty = h("div.gb-empty", { hidden: true });
    this.refusal = h("div.gb-table-refusal", { hidden: true, role: "alert" });
    this.body = h("div.gb-table-body", {}, this.stage, this.empty, this.refusal);
    this.many = manyBar({ send: (act, value, instead) => this.toMany(act, value, instead), clear: () => this.unmark(), tell: (text) => this.filters.tell(text) });
    this.root = h("div.gb-root.gb-table", {}, this.filters.element, this.many.element, this.body);
    this.root.addEventListener("paste", (event) => pasted(event, (act, value) => this.toMany(act, value)));
    this.stage.addEventListener("pointerdown", (event) => this.pressed(event), { capture: true });
    this.stage.addEventListener("click", (event) => this.clicked(event), { capture: true });
    this.life = new AbortController();
    keepKeys(this.root, this.life.signal);
    this.root.addEventListener("keydown", (event) => this.key(event));
    el.append(this.root);
    el.style.width = "100%";
    this.say("Loading the passages …");
    this.waiting = setTimeout(() => this.say("No answer from the kernel yet. If it was restarted, run the cell that made this table again."), 6000);
    this.observer = new ResizeObserver(() => this.resized());
    this.observer.observe(this.body);
  }

  /** The grid measures itself, so it is made when it has a size. */
  resized() {
    if (!this.body.clientWidth || !this.body.clientHeight) return;
    if (!this.grid) this.makeGrid();
    else if (!this.grid.getCellEditor()) {
      const wasInSight = this.isInSight(this.selectedRow);
      this.grid.resizeCanvas(); // which ends what is being typed
      if (wasInSight) this.reveal(this.selectedRow); // the problems open below, say
    }
  }

  isInSight(row) {
    const { scrollTop, clientHeight } = this.grid.getViewportNode();
    return row !== null && row * ROW_HEIGHT >= scrollTop && (row + 1) * ROW_HEIGHT <= scrollTop + clientHeight + 1;
  }

  reveal(row) {
    if (row !== null && !this.isInSight(row)) this.grid.scrollRowIntoView(row);
  }

  makeGrid() {
    const Editor = editorClass({ text: (key) => this.text(key), rejected: (key, field) => this.refused.get(`${key} ${field}`) });
    const columns = COLUMNS.map((column) => (column.editable ? { ...column, editor: Editor } : column));
    const data = { getLength: () => this.pages.n, getItem: (row) => this.pages.get(row) ?? null };
    this.grid = new SlickGrid(this.stage, data, columns, {
      rowHeight: ROW_HEIGHT,
      headerRowHeight: ROW_HEIGHT,
      enableCellNavigation: true,
      enableColumnReorder: false,
      enableHtmlRendering: false,
      editable: true,
      autoEdit: false,
      autoCommitEdit: true,
      multiColumnSort: false,
      forceFitColumns: true,
      suppressCssChangesOnHiddenInit: true,
      editCommandHandler: (item, column, command) => this.typed(item, column, command),
    });
    const { grid } = this;
    this.stage.setAttribute("aria-label", "Passages");
    for (const handle of this.stage.querySelectorAll(".slick-resizable-handle")) handle.setAttribute("aria-hidden", "true"); // for pointers alone
    grid.onViewportChanged.subscribe(() => this.look());
    grid.onScroll.subscribe(() => this.hideRefusal());
    grid.onSort.subscribe((_event, args) => {
      this.sort = [{ field: args.sortCol.field, ascending: args.sortAsc }];
      this.ask();
    });
    grid.onActiveCellChanged.subscribe((_event, args) => this.went(args.row));
    grid.onDblClick.subscribe((_event, { row, cell }) => {
      if (!columns[cell].editor) this.open(row);
    });
    grid.onKeyDown.subscribe((event, { row, cell }) => {
      if (event.key !== "Enter" || columns[cell]?.editor || grid.getCellEditor()) return;
      this.open(row);
      event.preventDefault();
      event.stopImmediatePropagation();
    });
    grid.onBeforeEditCell.subscribe((_event, { item }) => Boolean(item));
    grid.onBeforeCellEditorDestroy.subscribe(() => setTimeout(() => this.typedOn()));
    this.look();
    this.mark();
  }

  // ---- rows

  /** Asks for the rows that the filters and the sorting want. */
  ask() {
    this.query += 1;
    this.isNew = true;
    this.send({ type: "query", query: this.query, wanted: { sort: this.sort, ...this.filters.value() } });
  }

  look() {
    if (!this.grid) return;
    const { top, bottom } = this.grid.getViewport();
    this.pages.want(top - AHEAD, bottom + AHEAD);
  }

  /** @param {any} message */
  receive(message) {
    if (message.view !== this.view) return;
    if (message.type === "edited") this.settled(message);
    else if (message.type === "copied") this.many.copied(message);
    else if (message.type === "refused") this.filters.tell(message.text);
    else if (message.type === "ranged") ((this.marked = new Set(message.keys)), this.mark());
    else if (message.type === "text") {
      this.texts.get(message.key)?.(message.text);
      this.texts.delete(message.key);
    } else if (message.type === "selected") this.chosen(message.key, message.row);
    else if (message.query !== this.query) return; // about rows that are no longer wanted
    else if (message.type === "order") this.ordered(message);
    else if (message.version !== this.version) return;
    else if (message.type === "page") {
      this.pages.put(message.start, message.rows);
      this.redraw(message.rows.map((_, i) => message.start + i));
      if (this.marked.size > 1) this.mark();
    } else if (message.type === "changed") {
      this.redraw(message.rows.filter(([row, data]) => this.pages.replace(row, data)).map(([row]) => row));
    }
  }

  /** @param {Order} order */
  ordered(order) {
    this.held = null;
    if (this.grid?.getCellEditor() && !this.isNew) {
      this.held = order; // rows may come, go and move, but not under somebody's hands
      return;
    }
    clearTimeout(this.waiting);
    this.version = order.version;
    this.pages.reset(order.n, true);
    this.filters.show(order);
    this.say(order.n ? null : order.total ? "No passage matches." : "This story has no passages yet.", Boolean(order.total) && !order.n);
    this.stage.classList.toggle("gb-hidden", !order.n);
    const isOther = order.selected !== this.selected;
    this.chosen(order.selected, order.selected_row, false);
    if (this.grid) {
      if (this.isNew) this.grid.resetActiveCell();
      this.grid.updateRowCount();
      if (isOther) this.reveal(this.selectedRow); // a new passage's, say, for which there was no room before
      if (this.isNew) {
        this.grid.scrollRowToTop(0);
        if (this.selectedRow !== null && !this.sort.length && !this.filters.isOn()) this.grid.scrollRowIntoView(this.selectedRow);
      }
      this.grid.invalidate();
      this.look();
    }
    this.isNew = false;
  }

  /** Does what was put off while a cell was typed in. */
  typedOn() {
    if (this.missed !== undefined) this.redraw([this.missed]);
    this.resized();
    if (this.held?.query === this.query) this.ordered(this.held);
  }

  /** Draws some rows again, but not the cell that is being typed in. @param {number[]} rows */
  redraw(rows) {
    if (!this.grid) return;
    const typing = this.grid.getCellEditor() ? this.grid.getActiveCell()?.row : undefined;
    this.missed = rows.includes(typing) ? typing : typing === undefined ? undefined : this.missed; // until nobody types in it
    this.grid.invalidateRows(rows.filter((row) => row !== typing));
    this.grid.render();
  }

  // ---- selection

  /** A click selects at once; a held arrow key no more often than the other widgets can follow. */
  went(row) {
    clearTimeout(this.going);
    const item = row === undefined ? undefined : this.pages.get(row);
    if (!item || item.key === this.selected) return;
    const wait = (this.wentAt ?? -PACE) + PACE - performance.now();
    if (wait <= 0) this.choose(row, item);
    else this.going = setTimeout(() => this.choose(row, item), wait);
  }

  /** Asks for the passage before anything is drawn: both then go on at the same time. */
  choose(row, item) {
    this.wentAt = performance.now();
    this.send({ type: "select", key: item.key, open: false });
    this.chosen(item.key, row, false);
  }

  /** A mouse selects when it is pressed, as in other lists; a finger may be about to scroll. @param {PointerEvent} event */
  pressed(event) {
    if (event.pointerType !== "mouse" || event.button !== 0 || event.shiftKey || isMod(event) || this.grid?.getCellEditor()) return;
    const cell = this.grid?.getCellFromEvent(event);
    const item = cell && this.pages.get(cell.row);
    if (item && item.key !== this.selected) this.choose(cell.row, item);
  }

  open(row) {
    const item = this.pages.get(row);
    if (item) this.send({ type: "select", key: item.key, open: true });
  }

  chosen(key, row, reveal = true) {
    const isSame = key === this.selected;
    const isDrawn = isSame && row === this.selectedRow;
    this.selected = key;
    this.selectedRow = row;
    if (!isDrawn) this.mark();
    if (reveal && !isSame && this.grid && !this.grid.getCellEditor()) this.reveal(row);
  }

  /** Shows what is selected, and what is marked besides. */
  mark() {
    if (!this.grid) return;
    const all = (name) => Object.fromEntries(COLUMNS.map((column) => [column.id, name]));
    this.grid.setCellCssStyles("selected", this.selectedRow === null ? {} : { [this.selectedRow]: all("gb-is-selected") });
    const isMany = this.marked.size > 1;
    if (!isMany && !this.showsMarked) return;
    this.showsMarked = isMany;
    const marked = {};
    if (isMany) this.pages.each((row, item) => this.marked.has(item.key) && (marked[row] = all("gb-is-marked")));
    this.grid.setCellCssStyles("marked", marked);
    this.many.show(this.marked.size, () => this.filters.tags());
  }

  // ---- several

  /** @param {import("./shared/many_bar.js").Act} act */
  toMany(act, value = "", instead = "") {
    this.send({ type: "many", act, keys: [...this.marked], value, instead });
  }

  /** Ctrl-click marks one more, Shift-click all up to there; any other click just one. @param {MouseEvent} event */
  clicked(event) {
    const cell = this.grid?.getCellFromEvent(event);
    const item = cell && this.pages.get(cell.row);
    if (!item || this.grid.getCellEditor()) return;
    if (event.shiftKey && this.anchor !== undefined) {
      this.send({ type: "range", query: this.query, start: Math.min(this.anchor, cell.row), stop: Math.max(this.anchor, cell.row) + 1 });
      event.preventDefault();
    } else if (isMod(event)) {
      if (!this.marked.size && this.selected !== null) this.marked.add(this.selected);
      if (!this.marked.delete(item.key)) this.marked.add(item.key);
      this.anchor = cell.row;
      this.mark();
    } else {
      this.anchor = cell.row;
      this.marked = new Set([item.key]);
      if (this.showsMarked) this.mark();
    }
  }

  /** Shift and an arrow key mark one row more. @param {KeyboardEvent} event */
  extend(event) {
    const row = this.grid?.getActiveCell()?.row;
    if (row === undefined) return;
    this.anchor ??= row;
    this.end = Math.max(0, Math.min(this.pages.n - 1, (this.marked.size > 1 ? this.end : row) + (event.key === "ArrowDown" ? 1 : -1)));
    event.preventDefault();
    event.stopPropagation();
    this.grid.scrollRowIntoView(this.end);
    this.send({ type: "range", query: this.query, start: Math.min(this.anchor, this.end), stop: Math.max(this.anchor, this.end) + 1 });
  }

  unmark() {
    this.marked = new Set();
    this.mark();
    this.grid?.focus();
  }

  // ---- editing

  /** @param {number} key @returns {Promise<string>} */
  text(key) {
    this.send({ type: "text", key });
    return new Promise((resolve) => this.texts.set(key, resolve));
  }

  typed(shown, column, command) {
    const { editor } = command;
    const item = editor.itemOf(shown);
    if (column.id === "tags" && this.marked.size > 1 && this.marked.has(item.key)) {
      command.execute();
      this.hideRefusal();
      this.toMany("tags", command.serializedValue); // as in a spreadsheet: what is typed in one is so in all that are selected
      return;
    }
    const edit = { edit: ++this.edit, key: item.key, field: column.id, value: command.serializedValue, was: editor.was };
    this.edits.set(edit.edit, { ...edit, item, row: command.row, cell: command.cell });
    command.execute();
    this.hideRefusal();
    this.send({ type: "edit", ...edit });
  }

  /** The session has made an edit, or refused it. */
  settled({ edit, error }) {
    const done = this.edits.get(edit);
    this.edits.delete(edit);
    if (!done) return;
    const name = `${done.key} ${done.field}`;
    if (!error) {
      this.refused.delete(name);
      return;
    }
    this.refused.set(name, done.value);
    const column = COLUMNS.find(({ id }) => id === done.field);
    if (done.field !== "text") done.item[column.field] = done.was;
    this.redraw([done.row]);
    this.showRefusal(done, error);
  }

  /** Says beside the cell why not; what was typed is kept for another try. */
  showRefusal({ row, cell, key, field }, error) {
    const again = button({
      label: "Edit again",
      className: "gb-outlined",
      onclick: () => {
        this.hideRefusal();
        this.grid.setActiveCell(row, cell);
        this.grid.editActiveCell();
      },
    });
    const drop = button({ icon: "close", title: "Keep the old value", onclick: () => this.hideRefusal(`${key} ${field}`) });
    this.refusal.replaceChildren(h("span", {}, `${error[0].toUpperCase()}${error.slice(1)}.`.replace(/\.\.$/, ".")), again, drop);
    this.refusal.hidden = false;
    const box = this.grid.getCellNodeBox(row, cell) ?? { left: 8, bottom: 8 };
    const header = this.body.clientHeight - this.grid.getViewportNode().clientHeight;
    const top = box.bottom - this.grid.getViewportNode().scrollTop + header + 2;
    this.refusal.style.left = `${Math.max(8, Math.min(box.left, this.body.clientWidth - this.refusal.offsetWidth - 8))}px`;
    this.refusal.style.top = `${Math.max(4, Math.min(top, this.body.clientHeight - this.refusal.offsetHeight - 4))}px`;
  }

  hideRefusal(forget = null) {
    this.refusal.hidden = true;
    if (forget) this.refused.delete(forget);
  }

  // ---- the rest

  key(event) {
    if (event.key === "f" && (event.ctrlKey || event.metaKey)) {
      this.filters.focus();
      event.preventDefault();
    } else if (event.key === "Escape" && !this.refusal.hidden) this.hideRefusal();
    else if (event.target.closest("input, textarea, select") || this.grid?.getCellEditor()) return;
    else if (event.key === "a" && isMod(event)) (event.preventDefault(), this.send({ type: "range", query: this.query, start: 0, stop: this.pages.n, is_all: true }));
    else if (event.key === "c" && isMod(event) && this.marked.size) (event.preventDefault(), this.toMany("copy"));
    else if (event.key === "Delete" && this.marked.size) (event.preventDefault(), this.toMany("delete"), this.unmark());
    else if (event.key === "Escape" && this.marked.size > 1) this.unmark();
    else if (event.shiftKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) this.extend(event);
  }

  /** Shows a note in place of the rows, or takes it away. @param {string|null} text */
  say(text, canClear = false) {
    this.empty.hidden = text === null;
    const clear = canClear ? button({ label: "Clear the filter", className: "gb-primary", onclick: () => this.filters.reset() }) : null;
    this.empty.replaceChildren(...[h("span", { role: "status" }, text ?? ""), clear].filter(Boolean));
  }

  close() {
    clearTimeout(this.waiting);
    clearTimeout(this.going);
    this.filters.close();
    this.life.abort();
    this.observer.disconnect();
    this.grid?.destroy(true);
    this.root.remove();
  }
}

export default measured(catchingUp({
  /** @param {{model: any, el: HTMLElement}} context */
  render({ model, el }) {
    const view = new PassageTableView((message) => model.send(message), el);
    const receive = afterPress(view.body, (message) => view.receive(message), view.life.signal);
    model.on("msg:custom", receive);
    return () => {
      model.off("msg:custom", receive);
      view.close();
    };
  },
}));
