// The map of a story. What both sides say to each other is in map_messages.py.
import { catchingUp } from "./shared/catching_up.js";
import { count, plural } from "./shared/counted.js";
import { h } from "./shared/dom.js";
import { keepKeys } from "./shared/keys.js";
import { manyBar, pasted } from "./shared/many_bar.js";
import { makeBar } from "./shared/map_bar.js";
import { scheme } from "./shared/map_colors.js";
import { Minimap } from "./shared/map_groups.js";
import { fillLegend } from "./shared/map_legend.js";
import { MapModel } from "./shared/map_model.js";
import { Painter } from "./shared/map_paint.js";
import { Pointer } from "./shared/map_pointer.js";
import { Stage } from "./shared/map_stage.js";
import { onThemeChange, readTheme } from "./shared/map_theme.js";
import { measured } from "./shared/probe.js";

/** @typedef {{type: "hello"}} Hello @typedef {{type: "select", key: number|null, open: boolean}} Select */
/** @typedef {{type: "move", moves: [number, number, number][]}} Move @typedef {{type: "tidy", by: "links" | "tags"}} Tidy */
/** @typedef {{type: "many", act: import("./shared/many_bar.js").Act, keys: number[], value: string}} Many */
/** @typedef {{type: "describe", key: number}} Describe @typedef {Hello|Select|Move|Tidy|Describe|Many} ToPython */
/** @typedef {{type: "description", key: number, words: number, first: string}} Description */

const HOVER_DELAY = 140;
const NOTE_SECONDS = 9;
const SMALL = 200; // passages of a story whose map needs no open legend at first

class StoryMapView {
  /** @param {{send: (message: ToPython) => void}} wire @param {HTMLElement} el */
  constructor(wire, el) {
    this.wire = wire;
    this.model = new MapModel();
    this.painter = new Painter(this.model, () => this.theme);
    /** Selected keys; the last one is the session's. @type {Set<number>} */ this.selected = new Set();
    this.primary = null;
    /** Keys sent to the session that it has not answered yet. @type {(number|null)[]} */ this.sent = [];
    this.matches = [];
    this.matchAt = -1;
    this.mode = "problem";
    this.snaps = true;
    this.descriptions = new Map();
    this.build(el);
  }

  build(el) {
    this.bar = makeBar({
      zoom: (factor) => this.stage.zoomBy(factor),
      fit: () => this.fit(),
      zoomToSelection: () => this.zoomToSelection(),
      tidy: (by) => this.wire.send({ type: "tidy", by }),
      search: (text) => this.search(text),
      next: (step) => this.nextMatch(step),
      leave: () => this.canvas.focus(),
      color: (mode) => ((this.mode = mode), (this.legend.open = true), this.recolor()),
      code: (on) => ((this.painter.showsCode = on), this.recolor()),
      snap: (on) => (this.snaps = on),
      groups: (on) => ((this.painter.showsGroups = on), this.stage.repaint()),
      mini: (on) => ((this.mini.canvas.hidden = !on), this.mini.stale(), this.stage.request()),
    });
    this.many = manyBar({ send: (act, value, instead) => this.toMany(act, value, instead), clear: () => (this.select(this.primary), this.canvas.focus()), tell: (text) => (this.status.textContent = text) });
    this.canvas = h("canvas", {
      tabIndex: 0,
      role: "application",
      "aria-roledescription": "story map",
      "aria-label":
        "Map of the story. Arrow keys follow links, Enter opens a passage, Home goes to the start, plus and minus zoom, 0 shows all, slash searches, Control and A selects all but code, Control and arrow keys move what is selected, T tags it, Delete deletes it.",
    });
    this.legend = h("details.gb-map-legend", { open: true });
    this.tip = h("div", { className: "gb-map-tip", hidden: true, "aria-hidden": "true" });
    this.note = h("div", { className: "gb-map-note", role: "status" }, "Loading the map …");
    this.facts = h("span");
    this.status = h("span", { role: "status", "aria-live": "polite" });
    const stage = h("div", { className: "gb-map-stage" }, this.canvas, this.legend, this.note, this.tip);
    const foot = h("div", { className: "gb-map-foot" }, this.facts, this.status);
    this.root = h("div.gb-root.gb-map", {}, this.bar.element, this.many.element, stage, foot);
    this.life = new AbortController();
    this.root.addEventListener("paste", (event) => pasted(event, (act, value) => this.toMany(act, value)));
    keepKeys(this.root, this.life.signal);
    el.append(this.root);
    el.style.width = "100%";
    this.stage = new Stage(this.canvas, this.painter, {
      isBackground: (event) => this.pointer.hit(event.touches?.[0] ?? event) === undefined || event.touches?.length > 1,
      overlay: (ctx, view) => this.overlay(ctx, view),
    });
    this.mini = new Minimap(this.stage, this.model, () => this.theme);
    stage.append(this.mini.canvas);
    this.pointer = new Pointer(this.stage, this.model, {
      click: (slot, event) => this.click(slot, event),
      open: (slot) => this.select(this.model.keys[slot], { open: true }),
      dragged: (slot) => this.dragged(slot),
      dragStart: (slots) => this.dragStart(slots),
      dragging: () => this.stage.request(),
      dragEnd: (slots) => this.dragEnd(slots),
      marked: (slots) => this.mark(slots),
      hover: (slot, event) => this.hover(slot, event),
      snaps: () => this.snaps,
    });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("contextmenu", (event) => event.stopPropagation());
    this.observer = new ResizeObserver(() => this.resized());
    this.observer.observe(stage);
    this.endTheme = onThemeChange(() => {
      this.colors = null;
      this.recolor();
    });
    this.waiting = setTimeout(
      () => this.say("No answer from the kernel yet. If it was restarted, run the cell that made this map again.", false),
      5000,
    );
  }

  /** Read when first painted: an element that is not yet in the page has no style. */
  get theme() {
    return (this.colors ??= readTheme(this.root));
  }

  // ---- messages

  /** @param {any} message @param {DataView[]} buffers */
  receive(message, buffers) {
    if (message.type === "rows") this.rows(message, buffers);
    else if (message.type === "problems") {
      const first = !this.model.severity;
      const judged = this.model.setProblems(buffers);
      if (first && !this.model.severity.size) this.legend.open = false;
      if (this.mode === "problem") this.recolor(judged);
    } else if (message.type === "reach") {
      const judged = this.model.setReach(message.note, buffers);
      if (this.mode === "reach" || this.mode === "coverage") this.recolor(judged);
    } else if (message.type === "coverage") this.covered(message, buffers);
    else if (message.type === "selected") this.chosen(message.key);
    else if (message.type === "copied") this.many.copied(message);
    else if (message.type === "description") this.described(message);
    else if (message.type === "notice") this.say(message.text, true);
  }

  /** What is covered has come, or is to be shown no more. */
  covered(message, buffers) {
    this.model.setCoverage(message, buffers);
    this.bar.offerCoverage(message.what !== null);
    if (message.what === null) this.mode === "coverage" && this.bar.setColor("problem");
    else if (message.show || (!this.wasCovered && this.mode === "problem")) this.bar.setColor("coverage");
    else if (this.mode === "coverage") this.recolor();
    this.wasCovered = message.what !== null;
  }

  rows(message, buffers) {
    const first = this.model.revision < 0;
    const loose = [...this.stage.loose].map((slot) => this.model.keys[slot]);
    if (!this.model.apply(message, buffers)) {
      this.wire.send({ type: "hello" });
      return;
    }
    clearTimeout(this.waiting);
    this.stage.loose = new Set(loose.map((key) => this.model.slots.get(key)).filter((slot) => slot !== undefined));
    this.descriptions.clear();
    for (const key of this.selected) if (!this.model.slots.has(key)) this.selected.delete(key);
    if (first || message.selected !== this.primary) this.choose(message.selected, !first);
    if (first || !this.alert) this.say(this.model.size ? null : "This story has no passages yet. Add one in the passages table or the editor.");
    if (this.bar.search.value) this.search(this.bar.search.value, true);
    const code = this.model.kinds.filter((kind) => kind !== "story").length;
    this.facts.textContent = [
      `${plural(this.model.size, "passage")}${code ? ` (${count(code)} code)` : ""}`,
      plural(this.model.linkCount, "link"),
    ].join(" · ");
    this.recolor(this.model.changed, this.model.hasOtherLinks);
    this.tell();
    if (first) {
      this.legend.open = this.model.size > SMALL || this.mode === "coverage";
      this.fitted = this.fit();
    }
  }

  /** The session has selected a passage. */
  chosen(key) {
    this.choose(key);
    this.tell();
  }

  choose(key, reveal = true) {
    const at = this.sent.indexOf(key);
    this.sent = at >= 0 ? this.sent.slice(at + 1) : [];
    if (this.sent.length || key === this.primary) return;
    this.primary = key;
    this.selected = new Set(key === null ? [] : [key]);
    if (reveal && at < 0) this.reveal(key);
    this.stage.request();
  }

  // ---- selection

  /** @param {import("./shared/many_bar.js").Act} act */
  toMany(act, value = "", instead = "") {
    this.wire.send({ type: "many", act, keys: [...this.selected], value, instead });
  }

  select(key, { open = false, keep = false } = {}) {
    if (!keep) this.selected = new Set();
    this.selected.delete(key);
    if (key !== null) this.selected.add(key);
    if (key !== this.primary || open) {
      this.sent.push(key);
      this.wire.send({ type: "select", key, open });
    }
    this.primary = key;
    this.stage.request();
    this.tell();
  }

  click(slot, event) {
    this.canvas.focus({ preventScroll: true });
    const several = event.shiftKey || event.ctrlKey || event.metaKey;
    if (slot === undefined) {
      if (!several && this.selected.size > 1) this.select(this.primary);
      return;
    }
    const key = this.model.keys[slot];
    if (several && this.selected.has(key) && this.selected.size > 1) {
      this.selected.delete(key);
      if (key === this.primary) this.select([...this.selected].at(-1), { keep: true });
      this.stage.request();
      this.tell();
    } else this.select(key, { keep: several });
  }

  mark(slots) {
    if (!slots.length) return;
    for (const slot of slots) this.selected.add(this.model.keys[slot]);
    this.select(this.selected.has(this.primary) ? this.primary : this.model.keys[slots[0]], { keep: true });
  }

  /** All that a reader can be in: what is done to all of them is meant for no script. */
  markAll() {
    this.selected.clear();
    this.mark([...this.model.keys.keys()].filter((slot) => this.painter.isShown(slot) && this.model.kinds[slot] === "story"));
  }

  /** Says in words what is selected; also read aloud. */
  tell() {
    this.many.show(this.selected.size, () => [...new Set(this.model.tags.flat())].slice(0, 200));
    const slot = this.model.slots.get(this.primary ?? -1);
    if (slot === undefined) this.status.textContent = "Nothing selected";
    else if (this.selected.size > 1) this.status.textContent = `${plural(this.selected.size, "passage")} selected`;
    else {
      const { out, into } = this.model.neighbours(slot);
      const start = this.primary === this.model.start ? ", the start" : "";
      const broken = this.model.broken[slot].length;
      const lost = broken ? `, ${plural(broken, "broken link")}` : "";
      this.status.textContent = `Selected: ${this.model.names[slot]}${start} (from ${into.length}, to ${plural(out.length, "passage")}${lost})`;
    }
  }

  // ---- moving passages

  dragged(slot) {
    const key = this.model.keys[slot];
    if (!this.selected.has(key)) this.select(key);
    const slots = [...this.selected].map((each) => this.model.slots.get(each)).filter((each) => each !== undefined);
    return new Set([slot, ...slots]);
  }

  dragStart(slots) {
    this.stage.loose = slots;
    this.canvas.classList.add("gb-dragging");
    this.stage.repaint();
  }

  dragEnd(slots) {
    this.stage.loose = new Set();
    this.canvas.classList.remove("gb-dragging");
    this.stage.repaint();
    if (slots.size)
      this.wire.send({ type: "move", moves: [...slots].map((slot) => [this.model.keys[slot], this.model.x[slot], this.model.y[slot]]) });
  }

  // ---- looking

  fit() {
    const shown = [...this.model.keys.keys()].filter((slot) => this.painter.isShown(slot));
    this.stage.fit(this.model.bounds(shown), 1, this.legend.open ? this.legend.offsetWidth + 10 : 0);
    this.fitTransform = this.stage.transform;
    return this.model.size > 0 && Boolean(this.stage.width);
  }

  zoomToSelection() {
    const slots = [...this.selected].map((key) => this.model.slots.get(key)).filter((slot) => slot !== undefined);
    this.stage.fit(this.model.bounds(slots), 1.2);
  }

  /** Brings a passage into view, and near enough to be read if it was found by its name. */
  reveal(key, nearest = 0) {
    const slot = this.model.slots.get(key ?? -1);
    if (slot === undefined || !this.stage.width) return;
    const { view } = this.stage;
    const [x, y, w, hh] = this.painter.rectangle(view, slot);
    if (x >= 0 && y >= 0 && x + w <= view.width && y + hh <= view.height && view.k >= nearest) return;
    this.stage.place(Math.max(view.k, nearest), this.model.x[slot] + this.model.w[slot] / 2, this.model.y[slot] + this.model.h[slot] / 2);
  }

  search(text, quiet = false) {
    const wanted = text.trim().toLowerCase();
    const { names, tags } = this.model;
    const hit = (slot) => names[slot].toLowerCase().includes(wanted) || tags[slot].some((tag) => tag.toLowerCase().includes(wanted));
    this.matches = wanted ? [...names.keys()].filter((slot) => this.painter.isShown(slot) && hit(slot)) : [];
    this.painter.matches = wanted ? new Set(this.matches) : null;
    if (!quiet) this.matchAt = -1;
    this.stage.repaint();
    return this.matches.length;
  }

  nextMatch(step) {
    const n = this.matches.length;
    this.matchAt = (Math.max(this.matchAt, step > 0 ? -1 : 0) + step + n) % n;
    const key = this.model.keys[this.matches[this.matchAt]];
    this.select(key);
    this.reveal(key, 0.6);
    return this.matchAt;
  }

  /** @param {Set<number>|null} [slots]  the only ones that may look otherwise, if what colours mean stays as it was */
  recolor(slots = null, hasOtherLinks = false) {
    if (!this.stage.width) return;
    const before = meaningsOf(this.painter.scheme);
    this.painter.scheme = scheme(this.model, this.mode);
    this.mini.stale();
    fillLegend(this.legend, this.model, this.painter.scheme, this.theme, this.painter.showsCode);
    this.legend.hidden = !this.model.size;
    if (slots && this.mode !== "depth" && before === meaningsOf(this.painter.scheme)) this.stage.touch(slots, hasOtherLinks);
    else this.stage.repaint();
  }

  resized() {
    const first = !this.stage.width;
    this.stage.resize(this.canvas.clientWidth, this.canvas.clientHeight);
    if (first) this.recolor();
    if (!this.fitted || this.stage.transform === this.fitTransform) this.fitted = this.fit();
  }

  overlay(ctx, view) {
    const { painter, model } = this;
    this.mini.paint((slot) => painter.isShown(slot), (slot) => painter.scheme?.of(slot)?.color ?? null);
    const shown = (key) => {
      const slot = model.slots.get(key);
      return slot !== undefined && painter.isShown(slot) ? slot : undefined;
    };
    const primary = shown(this.primary ?? -1);
    if (primary !== undefined) painter.highlight(ctx, view, primary);
    for (const key of this.selected) {
      const slot = shown(key);
      if (slot !== undefined) painter.frame(ctx, view, slot, this.theme.accent, key === this.primary ? 3 : 2);
    }
    if (primary !== undefined && painter.rectangle(view, primary)[2] < 46) painter.landmark(ctx, view, primary, [], true);
    if (this.over !== undefined && this.over < model.size) painter.frame(ctx, view, this.over, this.theme.hover, 2, 3);
    const { marquee } = this.pointer;
    if (marquee) {
      const [x0, y0, x1, y1] = marquee.map((value, i) => value * view.k + (i % 2 ? view.y : view.x));
      ctx.strokeStyle = ctx.fillStyle = this.theme.accent;
      ctx.lineWidth = 1.5;
      ctx.setLineDash([5, 4]);
      ctx.strokeRect(x0, y0, x1 - x0, y1 - y0);
      ctx.setLineDash([]);
      ctx.globalAlpha = 0.1;
      ctx.fillRect(x0, y0, x1 - x0, y1 - y0);
      ctx.globalAlpha = 1;
    }
  }

  // ---- the tooltip

  hover(slot, event) {
    if (slot === this.over) return;
    this.over = slot;
    this.canvas.classList.toggle("gb-over", slot !== undefined);
    this.tip.hidden = true;
    clearTimeout(this.hovering);
    this.stage.request();
    if (slot === undefined) return;
    const key = this.model.keys[slot];
    if (!this.descriptions.has(key)) this.wire.send({ type: "describe", key });
    const { offsetX, offsetY } = event;
    this.hovering = setTimeout(() => this.showTip(key, offsetX, offsetY), HOVER_DELAY);
  }

  /** @param {Description} message */
  described(message) {
    this.descriptions.set(message.key, message);
    if (!this.tip.hidden && this.tipKey === message.key) this.fillTip(message.key);
  }

  showTip(key, x, y) {
    this.tipKey = key;
    if (!this.fillTip(key)) return;
    this.tip.hidden = false;
    const [width, height] = [this.tip.offsetWidth, this.tip.offsetHeight];
    this.tip.style.left = `${Math.max(4, Math.min(x + 14, this.stage.width - width - 4))}px`;
    this.tip.style.top = `${y + 18 + height > this.stage.height ? Math.max(4, y - height - 10) : y + 18}px`;
  }

  fillTip(key) {
    const slot = this.model.slots.get(key);
    if (slot === undefined) return false;
    const about = this.descriptions.get(key);
    const tags = this.model.tags[slot];
    const kind = this.model.kinds[slot];
    const facts = [kind === "story" ? null : kind, about ? plural(about.words, "word") : null, tags.length ? tags.join(", ") : "no tags"];
    const broken = this.model.broken[slot];
    this.tip.replaceChildren(
      h("strong", {}, this.model.names[slot]),
      h("small", {}, facts.filter(Boolean).join(" · ")),
      ...(broken.length ? [h("small", {}, `Broken: ${broken.slice(0, 3).join(", ")}${broken.length > 3 ? " …" : ""}`)] : []),
      ...(about?.first ? [h("p", {}, about.first)] : []),
    );
    return true;
  }

  /** Shows a note over the map, or takes it away. @param {string|null} text */
  say(text, alert = false) {
    clearTimeout(this.noting);
    this.alert = alert;
    this.note.hidden = text === null;
    this.note.textContent = text ?? "";
    this.note.classList.toggle("gb-alert", alert);
    this.note.setAttribute("role", alert ? "alert" : "status");
    if (alert) this.noting = setTimeout(() => this.say(null), NOTE_SECONDS * 1000);
  }

  // ---- keyboard

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.altKey || event.metaKey) return;
    const directions = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
    const direction = directions[event.key];
    if (direction && event.ctrlKey) this.nudge(direction);
    else if (direction && event.shiftKey) this.stage.panBy(-60 * direction[0], -60 * direction[1]);
    else if (direction) this.follow(direction);
    else if (event.key === "f" && event.ctrlKey) this.bar.focusSearch();
    else if (event.key === "a" && event.ctrlKey) this.markAll();
    else if (event.key === "c" && event.ctrlKey) this.toMany("copy");
    else if (event.ctrlKey) return;
    else if (event.key === "Delete") this.toMany("delete");
    else if (event.key === "t" && this.selected.size > 1) this.many.tag();
    else if (event.key === "g") this.bar.toggleGroups();
    else if (event.key === "m") this.bar.toggleMini();
    else if (event.key === "Enter") this.primary !== null && this.select(this.primary, { open: true });
    else if (event.key === "Home") this.goTo(this.model.start);
    else if (event.key === "+" || event.key === "=") this.stage.zoomBy(1.4);
    else if (event.key === "-" || event.key === "_") this.stage.zoomBy(1 / 1.4);
    else if (event.key === "0") this.fit();
    else if (event.key === "s") this.zoomToSelection();
    else if (event.key === "/") this.bar.focusSearch();
    else if (event.key === "Escape") {
      this.pointer.cancel();
      this.select(this.primary);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Moves what is selected by one step of the grid. */
  nudge([dx, dy]) {
    const slots = [...this.selected].map((key) => this.model.slots.get(key)).filter((slot) => slot !== undefined);
    for (const slot of slots) this.model.move(slot, this.model.x[slot] + 25 * dx, this.model.y[slot] + 25 * dy);
    this.dragEnd(new Set(slots));
  }

  goTo(key) {
    if (key === null) return;
    this.select(key);
    this.reveal(key);
  }

  /** Goes along the link that points most nearly in a direction. */
  follow([dx, dy]) {
    const slot = this.model.slots.get(this.primary ?? -1);
    if (slot === undefined) {
      this.goTo(this.model.start ?? this.model.keys[0] ?? null);
      return;
    }
    const { out, into } = this.model.neighbours(slot);
    let best = null;
    for (const other of new Set([...out, ...into])) {
      if (other === slot || !this.painter.isShown(other)) continue;
      const [ox, oy] = [this.model.x[other] - this.model.x[slot], this.model.y[other] - this.model.y[slot]];
      const length = Math.hypot(ox, oy) || 1;
      const along = (ox * dx + oy * dy) / length;
      const cost = length * (2 - along);
      if (along > 0.35 && (!best || cost < best.cost)) best = { other, cost };
    }
    if (best) this.goTo(this.model.keys[best.other]);
    else this.status.textContent = `No link from ${this.model.names[slot]} in that direction`;
  }

  close() {
    for (const timer of [this.waiting, this.noting, this.hovering]) clearTimeout(timer);
    this.life.abort();
    this.observer.disconnect();
    this.endTheme();
    this.stage.close();
    this.root.remove();
  }
}

/** What the colours of a scheme mean, to be compared. @param {import("./shared/map_colors.js").Scheme|null} scheme */
const meaningsOf = (scheme) => scheme && JSON.stringify([scheme.mode, scheme.deepest, ...scheme.meanings.map(({ label, color }) => [label, color])]);

export default measured(catchingUp({
  /** @param {{model: any, el: HTMLElement}} context */
  render({ model, el }) {
    const view = new StoryMapView({ send: (message) => model.send(message) }, el);
    const receive = (message, buffers) => view.receive(message, buffers);
    model.on("msg:custom", receive);
    model.send({ type: "hello" });
    return () => {
      model.off("msg:custom", receive);
      view.close();
    };
  },
}));
