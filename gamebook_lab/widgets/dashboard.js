// The dashboard: live charts, objectives, alerts. What both sides say to each other is in dashboard_messages.py.
import { alertList } from "./shared/alert_list.js";
import { readChartTheme } from "./shared/chart_theme.js";
import { button, icon } from "./shared/controls.js";
import { download } from "./shared/download.js";
import { h } from "./shared/dom.js";
import { keepKeys } from "./shared/keys.js";
import { LiveChart } from "./shared/live_chart.js";
import { onThemeChange } from "./shared/map_theme.js";
import { tiles } from "./shared/objective_tiles.js";
import { loadPlotly } from "./shared/plotly.js";
import { afterPress } from "./shared/press.js";
import { measured, watchFrames } from "./shared/probe.js";
import { redraw } from "./shared/redraw.js";
import { SeriesStore } from "./shared/series_store.js";
import { whileSeen } from "./shared/sight.js";

const RENEW_MS = 8000; // Python forgets a view that has not said for 20 seconds that it still looks
const SILENT_MS = 15_000;
const ZOOM_WAIT_MS = 250;
const LEAST_MS = 60_000; // that is shown
const IMAGE = { width: 760, height: 260, columns: 2 };

function render({ model, el, signal }) {
  const dashboard = new Dashboard(model, el, signal);
  model.on("msg:custom", (message, buffers) => dashboard.receive(message, buffers));
  model.on("change:window", () => dashboard.restart());
  dashboard.send({ type: "hello" });
}

class Dashboard {
  constructor(model, el, signal) {
    this.model = model;
    this.signal = signal;
    this.id = crypto.randomUUID?.() ?? String(Math.random());
    this.store = new SeriesStore();
    this.charts = [];
    this.queue = [];
    this.marks = [];
    this.isPaused = false;
    this.isSeen = false;
    /** Charts that are not scrolled off. @type {Set<LiveChart>} */ this.inView = new Set();
    this.zoomed = null;
    this.build(el);
    this.whenCalm = afterPress(this.alerts.element, (status) => this.showStatus(status), signal);
    whileSeen(this.root, (isSeen) => this.see(isSeen), signal);
    const endTheme = onThemeChange(() => this.dress());
    const resizer = new ResizeObserver(() => this.charts.forEach((chart) => chart.resize()));
    resizer.observe(this.grid);
    signal.addEventListener("abort", () => {
      endTheme();
      resizer.disconnect();
      this.charts.forEach((chart) => chart.close());
    });
  }

  send(message) {
    this.model.send({ view: this.id, ...message });
  }

  // ---- elements

  build(el) {
    this.window = h("select", { className: "gb-input", "aria-label": "Time shown", title: "Time shown", onchange: () => this.choose(Number(this.window.value)) });
    this.pause = button({ icon: "pause", label: "Pause", title: "Hold the charts still (they go on measuring)", className: "gb-outlined", onclick: () => this.turn() });
    this.whole = button({ icon: "restart", label: "Show all", title: "End the zoom (0, or a double click on a chart)", className: "gb-outlined", onclick: () => this.zoom(null) });
    this.whole.hidden = true;
    this.state = h("span", { className: "gb-live", role: "status" });
    const save = (label, title, onclick) => button({ label, title, className: "gb-outlined", onclick });
    const toolbar = h(
      "div",
      { className: "gb-dashboard-bar", role: "toolbar", "aria-label": "Dashboard" },
      h("strong", {}, "Dashboard"),
      this.state,
      h("span", { className: "gb-spring" }),
      this.whole,
      this.window,
      this.pause,
      h("span", { className: "gb-group", role: "group", "aria-label": "Export" }, icon("save"), save("CSV", "Save the figures of the time shown as CSV", () => this.send({ type: "export", what: "csv", ...this.shown() })), save("PNG", "Save the charts as a picture", () => this.picture()), save("HTML", "Save a report that opens in any browser, without a network", () => this.send({ type: "export", what: "html", ...this.shown() }))),
    );
    this.notices = h("div", { className: "gb-notices" });
    this.silent = h("div", { className: "gb-banner gb-is-error", role: "alert", hidden: true }, "Python does not answer: it is busy, or was stopped. If this stays, run the cell again.");
    this.tiles = h("ul", { className: "gb-tiles", "aria-label": "Objectives" });
    this.grid = h("div", { className: "gb-charts" });
    this.alerts = alertList({
      acknowledge: (alert) => this.send({ type: "acknowledge", alert }),
      silence: (rule, seconds) => this.send({ type: "silence", rule, seconds }),
    });
    this.grid.append(h("div", { className: "gb-empty" }, "Loading the charts…"), this.alerts.element);
    this.root = h("div", { className: "gb-root gb-dashboard", role: "region", "aria-label": "Dashboard" }, toolbar, this.silent, this.notices, this.tiles, this.grid);
    keepKeys(this.root, this.signal);
    el.append(this.root);
    this.say();
  }

  // ---- what is shown

  get isLive() {
    return this.isSeen && !this.isPaused && !this.zoomed;
  }

  get windowMs() {
    return this.model.get("window") * 1000;
  }

  choose(seconds) {
    this.send({ type: "choose", seconds }); // a trait that is set here might arrive after the next message
  }

  shown() {
    const to = this.lastTime ?? Date.now();
    const [since, until] = this.zoomed ?? [to - this.windowMs, to];
    return { since: since / 1000, until: until / 1000 };
  }

  turn() {
    this.isPaused = !this.isPaused;
    this.pause.replaceChildren(icon(this.isPaused ? "play" : "pause"), h("span", {}, this.isPaused ? "Go on" : "Pause"));
    this.pause.title = this.isPaused ? "Follow again" : "Hold the charts still (they go on measuring)";
    this.follow();
  }

  /** @param {[number, number] | null} range  milliseconds */
  zoom(range) {
    this.zoomed = range;
    this.whole.hidden = range === null;
    for (const chart of this.charts) chart.range = range;
    this.follow();
    if (range === null) {
      if (this.isPaused) this.ask(this.heldFrom, this.heldTo);
      return;
    }
    this.redraw();
    clearTimeout(this.asking); // once the wheel or the key is let go: finer figures than those of the whole
    this.asking = setTimeout(() => this.zoomed && this.ask(...this.zoomed), ZOOM_WAIT_MS);
  }

  ask(from, to) {
    this.send({ type: "history", since: from / 1000, until: to / 1000 });
  }

  see(isSeen) {
    this.isSeen = isSeen;
    this.endFrames?.();
    this.endFrames = isSeen ? watchFrames() : null;
    this.follow();
  }

  restart() {
    this.window.value = String(this.model.get("window"));
    this.zoomed = null;
    this.whole.hidden = true;
    for (const chart of this.charts) chart.range = null;
    if (this.isLive) this.send({ type: "watch", is_new: true });
    else if (this.isPaused) this.ask((this.lastTime ?? Date.now()) - this.windowMs, this.lastTime ?? Date.now());
  }

  /** Ask Python for news, or tell it that nobody looks. */
  follow() {
    clearInterval(this.renewing);
    this.say();
    if (this.isLive) {
      this.heardAt = performance.now();
      this.send({ type: "watch", is_new: true });
      this.renewing = setInterval(() => this.renew(), RENEW_MS);
    } else {
      if (this.isFollowing) this.send({ type: "rest" });
      this.heldTo = this.lastTime ?? Date.now();
      this.heldFrom = this.heldTo - this.windowMs;
      this.silent.hidden = true;
    }
    this.isFollowing = this.isLive;
  }

  renew() {
    if (this.signal.aborted) return clearInterval(this.renewing);
    this.silent.hidden = performance.now() - this.heardAt < SILENT_MS;
    this.send({ type: "watch", is_new: false });
  }

  say() {
    const [name, words] = this.zoomed ? ["held", "Zoomed in, held"] : this.isPaused ? ["held", "Paused"] : ["on", "Live"];
    this.state.className = `gb-live gb-is-${name}`;
    this.state.textContent = words;
  }

  // ---- drawing

  async mount(setup) {
    this.setup = setup;
    this.window.replaceChildren(...setup.windows.map(([seconds, label]) => h("option", { value: String(seconds) }, label)));
    this.window.value = String(this.model.get("window"));
    const Plotly = await loadPlotly(this.model, this.signal);
    if (this.signal.aborted) return;
    const hooks = { zoom: (range) => this.zoom(range), redraw: () => this.redraw() };
    const charts = setup.panels.map((panel) => new LiveChart(panel, hooks));
    this.grid.replaceChildren(...charts.map((chart) => chart.element), this.alerts.element);
    for (const chart of charts) await chart.start(Plotly, this.look());
    this.charts = charts;
    const seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const chart = charts.find((each) => each.element === target);
        if (isIntersecting) this.inView.add(chart);
        else this.inView.delete(chart);
      }
      this.redraw();
    });
    for (const chart of charts) seen.observe(chart.element);
    this.signal.addEventListener("abort", () => seen.disconnect());
  }

  look() {
    const theme = readChartTheme(this.root);
    const { colours } = this.setup;
    return { ...theme, colours: theme.isDark ? colours.dark : colours.light, levels: theme.isDark ? colours.dark_levels : colours.levels };
  }

  dress() {
    if (!this.charts.length) return;
    const look = this.look();
    for (const chart of this.charts) chart.dress(look);
    this.redraw();
  }

  /** Draw one chart a frame, of those that can be seen: all at once would make a long frame every second. */
  redraw() {
    const isIdle = !this.queue.length;
    this.queue = this.charts.filter((chart) => this.inView.has(chart));
    if (isIdle && this.queue.length) requestAnimationFrame(() => this.drawNext());
  }

  drawNext() {
    const chart = this.queue.shift();
    if (!chart || this.signal.aborted) return;
    chart.draw(this.store, this.time(), this.marks);
    this.root.dataset.drawn = String(Number(this.root.dataset.drawn ?? 0) + 1);
    if (this.queue.length) requestAnimationFrame(() => this.drawNext());
  }

  time() {
    if (!this.isLive && this.heldTo) return { from: this.heldFrom, to: this.heldTo };
    const to = this.lastTime ?? Date.now();
    const first = this.store.times[0] ?? 0; // a run that has just begun need not look like an empty hour
    return { from: Math.max(to - this.windowMs, Math.min(first, to - LEAST_MS)), to };
  }

  async picture() {
    const { width, height, columns } = IMAGE;
    const canvas = document.createElement("canvas");
    canvas.width = width * columns;
    canvas.height = height * Math.ceil(this.charts.length / columns);
    const pen = canvas.getContext("2d");
    pen.fillStyle = this.look().paper;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    for (const [nth, chart] of this.charts.entries()) {
      if (!this.inView.has(chart)) chart.draw(this.store, this.time(), this.marks);
      const image = new Image();
      image.src = await chart.image(width, height);
      await image.decode();
      pen.drawImage(image, (nth % columns) * width, Math.floor(nth / columns) * height, width, height);
    }
    canvas.toBlob((blob) => download(`${this.setup.name}.png`, blob, "image/png"), "image/png");
  }

  // ---- from Python

  receive(message, buffers) {
    if (message.view && message.view !== this.id) return;
    this.heardAt = performance.now();
    this.silent.hidden = true;
    const handlers = {
      setup: () => this.charts.length || this.isMounting || ((this.isMounting = true), this.mount(message).catch((error) => this.fail(error))),
      history: () => this.showHistory(message),
      rows: () => this.showRows(message),
      status: () => this.whenCalm(message),
      notices: () => this.showNotices(message.notices),
      file: () => download(message.name, buffers[0], message.mime),
    };
    handlers[message.type]?.();
  }

  fail(error) {
    this.isMounting = false;
    this.grid.replaceChildren(h("div", { className: "gb-empty" }, `The charts could not be loaded: ${error.message}`), this.alerts.element);
  }

  showHistory(message) {
    if (message.is_live !== this.isLive) return; // asked for before something else was
    this.store.replace(message);
    if (message.is_live) this.lastTime = message.until * 1000;
    this.redraw();
  }

  showRows({ times, columns, until }) {
    if (!this.isLive) return;
    times.forEach((time, row) => {
      const values = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[row]]));
      this.store.add(time, values, this.windowMs);
    });
    this.lastTime = until * 1000;
    this.redraw();
  }

  showStatus({ objectives, alerts, window }) {
    const isBusy = this.tiles.matches(":hover");
    if (!isBusy) this.tiles.replaceChildren(...tiles(objectives, window));
    this.alerts.show(alerts);
    this.marks = alerts.map(({ started, level, panel }) => ({ time: started, level, panel }));
  }

  showNotices(notices) {
    redraw(this.notices, notices, (notice) => this.notice(notice));
  }

  notice({ id, level, title, text }) {
    const dismiss = button({ icon: "close", title: "Dismiss", onclick: () => this.send({ type: "dismiss", id }) });
    const words = [h("strong", {}, title), h("span", { className: "gb-message" }, text)];
    return h("div", { className: `gb-banner ${level === "warning" ? "" : "gb-is-error"}`, role: "alert" }, icon("warning"), ...words, dismiss);
  }
}

export default measured({ render });
