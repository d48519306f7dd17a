// One chart of the dashboard: heading with the newest values (which is its legend), and a Plotly plot under it.
//
// Limits and markers of alerts are elements of ours over the plot: as Plotly's shapes and annotations they took as long to draw
// anew each second as all the rest. A saved picture has them as Plotly's.
import { h } from "./dom.js";

/**
 * @typedef {{key: string, title: string, unit: string, about: string, kind: "lines" | "bars", top: number | null, digits: number, is_sparse: boolean,
 *   series: {column: string, label: string, dash: string}[], limits: {value: number, label: string, level: string}[]}} Panel
 * @typedef {{time: number, level: string, panel: string}} Mark  an alert that began, and the chart that it is about
 * @typedef {{colours: string[], levels: Record<string, string>} & import("./chart_theme.js").ChartTheme} Look
 */

const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, scrollZoom: false, showTips: false };
const MARGIN = { l: 40, t: 6, b: 22 };
const RIGHT = { withLimits: 56, without: 8 };
const LIMIT_DASH = { warning: "dot", critical: "dash", maximum: "solid" };
const KEY_STEP = 0.2; // of what is shown

export class LiveChart {
  /**
   * @param {Panel} panel
   * @param {{zoom: (range: [number, number] | null) => void}} hooks  `zoom` is told what the person has chosen, in milliseconds; null: all
   */
  constructor(panel, hooks) {
    this.panel = panel;
    this.hooks = hooks;
    this.range = null;
    this.marks = [];
    this.hidden = new Set();
    this.build();
  }

  build() {
    const { panel } = this;
    this.values = panel.series.map(() => h("span", { className: "gb-chart-value" }, "–"));
    this.keys = panel.series.map(({ column, label }, nth) => {
      const swatch = h("span", { className: `gb-chart-swatch gb-is-${panel.series[nth].dash}`, "aria-hidden": "true" });
      const press = () => this.toggle(column);
      return h("button", { type: "button", className: "gb-chart-key", title: `Hide or show ${label}`, "aria-pressed": "true", onclick: press }, swatch, h("span", {}, label), this.values[nth]);
    });
    const id = `gb-chart-${Math.random().toString(36).slice(2)}`;
    const heading = h("h3", { id, title: panel.about }, panel.title, panel.unit ? h("span", { className: "gb-chart-unit" }, panel.unit) : null);
    this.plot = h("div", { className: "gb-chart-plot", tabIndex: 0, role: "img", "aria-label": panel.title });
    this.plot.addEventListener("keydown", (event) => this.onKey(event));
    this.plot.addEventListener("dblclick", () => this.hooks.zoom(null));
    this.over = h("div", { className: "gb-chart-over", "aria-hidden": "true" });
    Object.assign(this.over.style, { inset: `${MARGIN.t}px ${this.right}px ${MARGIN.b}px ${MARGIN.l}px` });
    this.nothing = h("div", { className: "gb-chart-nothing" }, "nothing measured in this time");
    this.element = h("section", { className: "gb-chart", "aria-labelledby": id }, h("div", { className: "gb-chart-head" }, heading, h("div", { className: "gb-chart-keys", role: "group", "aria-label": "Lines" }, ...this.keys)), h("div", { className: "gb-chart-box" }, this.plot, this.over, this.nothing));
  }

  /** @param {any} Plotly @param {Look} look */
  async start(Plotly, look) {
    this.Plotly = Plotly;
    this.data = this.panel.series.map((series) => this.trace(series));
    this.layout = {};
    this.dress(look);
    await Plotly.newPlot(this.plot, this.data, this.layout, CONFIG);
    this.plot.on("plotly_relayout", (event) => {
      const [from, to] = [event["xaxis.range[0]"], event["xaxis.range[1]"]];
      if (from !== undefined && to !== undefined) this.hooks.zoom([moment(from), moment(to)]);
    });
  }

  trace({ label, dash }) {
    if (this.panel.kind === "bars") return { type: "bar", x: [], y: [], name: label, hovertemplate: this.hover() };
    return { type: "scatter", mode: this.panel.is_sparse ? "lines+markers" : "lines", x: [], y: [], name: label, line: { width: 1.8, dash }, connectgaps: false, hovertemplate: this.hover() };
  }

  hover() {
    const unit = this.panel.unit ? ` ${this.panel.unit}` : "";
    return `%{y:,.${this.panel.digits}f}${unit}`;
  }

  /** Put on the page's colours; :meth:`draw` shows them. @param {Look} look */
  dress(look) {
    const axis = { gridcolor: look.grid, zeroline: false, linecolor: look.grid, tickfont: { color: look.soft, size: 11 }, fixedrange: false };
    this.look = look;
    this.layout = {
      ...this.layout,
      margin: { ...MARGIN, r: this.right },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: look.family, size: 11, color: look.ink },
      showlegend: false,
      hovermode: "x unified",
      hoverlabel: { bgcolor: look.paper, bordercolor: look.grid, font: { color: look.ink, size: 11 } },
      dragmode: "zoom",
      bargap: 0.15,
      xaxis: { ...this.layout.xaxis, ...axis, type: "date", nticks: 5, showgrid: false, hoverformat: "%H:%M:%S" },
      yaxis: { ...this.layout.yaxis, ...axis, fixedrange: true, nticks: 5, rangemode: "tozero" },
    };
    this.data.forEach((trace, nth) => {
      const colour = look.colours[nth % look.colours.length];
      if (trace.type === "bar") trace.marker = { color: colour };
      else trace.line = { ...trace.line, color: colour };
      this.keys[nth].style.setProperty("--gb-series", colour);
    });
  }

  get right() {
    return this.panel.limits.length ? RIGHT.withLimits : RIGHT.without;
  }

  /**
   * Show rows; what a person zoomed into stays where it is.
   *
   * @param {import("./series_store.js").SeriesStore} store @param {{from: number, to: number}} window @param {Mark[]} marks
   */
  draw(store, { from, to }, marks) {
    const { times: moments, columns } = store.withGaps();
    const times = moments.map(local);
    let most = this.panel.top ?? 0;
    let isEmpty = true;
    this.panel.series.forEach(({ column }, nth) => {
      const values = columns[column] ?? [];
      const trace = this.data[nth];
      trace.x = times;
      trace.y = values;
      trace.visible = !this.hidden.has(column);
      if (this.panel.is_sparse) trace.marker = { size: dots(values), opacity: 1 };
      for (const value of values) {
        if (value === null) continue;
        isEmpty = false;
        if (trace.visible && value > most) most = value;
      }
      this.values[nth].textContent = said(store.latest(column), this.panel);
    });
    this.nothing.hidden = !isEmpty;
    const [start, stop] = this.range ?? [from, to];
    this.layout.xaxis.range = [local(start), local(stop)];
    this.layout.xaxis.autorange = this.layout.yaxis.autorange = false; // which Plotly puts there for a chart that began empty
    this.layout.xaxis.tickformat = tickFormat(stop - start);
    this.layout.yaxis.range = [0, most > (this.panel.top ?? 0) ? most * 1.08 : most * 1.03];
    this.marks = marks;
    this.drawOver(start, stop, this.layout.yaxis.range[1]);
    this.layout.datarevision = (this.layout.datarevision ?? 0) + 1;
    this.plot.setAttribute("aria-label", this.words());
    this.Plotly.react(this.plot, this.data, this.layout, CONFIG);
  }

  drawOver(start, stop, top) {
    const key = JSON.stringify([top, start, stop, this.marks, this.look.isDark]);
    if (key === this.overKey) return;
    this.overKey = key;
    const limits = this.panel.limits.map(({ value, label, level }) => {
      const line = h("div", { className: `gb-chart-limit gb-is-${level}` }, h("span", {}, label));
      line.style.bottom = `${(value / top) * 100}%`;
      line.style.setProperty("--gb-level", this.look.levels[level]);
      return line;
    });
    const shown = this.marks.filter(({ time }) => time >= start && time <= stop);
    const marks = shown.map(({ time, level, panel }) => {
      const line = h("div", { className: `gb-chart-mark ${panel === this.panel.key ? "gb-is-mine" : ""}` });
      line.style.left = `${((time - start) / (stop - start)) * 100}%`;
      line.style.setProperty("--gb-level", this.look.levels[level] ?? this.look.soft);
      return line;
    });
    this.over.replaceChildren(...limits, ...marks);
  }

  /** Limits and marks as Plotly draws them. */
  shapes() {
    const limits = this.panel.limits.map(({ value, level }) => ({
      type: "line", xref: "paper", x0: 0, x1: 1, y0: value, y1: value, line: { color: this.look.levels[level], width: 1.3, dash: LIMIT_DASH[level] },
    }));
    const marks = this.marks.map(({ time, level, panel }) => ({
      type: "line", yref: "paper", y0: 0, y1: 1, x0: local(time), x1: local(time), line: { color: this.look.levels[level] ?? this.look.soft, width: panel === this.panel.key ? 2 : 1, dash: "dash" },
    }));
    return [...limits, ...marks];
  }

  limitWords() {
    return this.panel.limits.map(({ value, label }) => ({
      text: label, x: 1, xref: "paper", xanchor: "left", y: value, yanchor: "middle", showarrow: false, font: { size: 10, color: this.look.soft },
    }));
  }

  /** What the chart shows, for those who don't see it. */
  words() {
    const { title, series } = this.panel;
    return `${title}: ${series.map(({ label }, nth) => `${label} ${this.values[nth].textContent}`).join(", ")}. Plus and minus zoom, arrows move, 0 shows all.`;
  }

  toggle(column) {
    if (!this.hidden.delete(column)) this.hidden.add(column);
    this.keys.forEach((key, nth) => key.setAttribute("aria-pressed", String(!this.hidden.has(this.panel.series[nth].column))));
    this.hooks.redraw?.();
  }

  onKey(event) {
    const range = this.layout?.xaxis?.range;
    if (!range || event.ctrlKey || event.metaKey || event.altKey) return;
    const [from, to] = range.map(moment);
    const step = (to - from) * KEY_STEP;
    const moves = {
      "+": [from + step, to - step], "=": [from + step, to - step], "-": [from - step, to + step],
      ArrowLeft: [from - step, to - step], ArrowRight: [from + step, to + step], 0: null, Home: null,
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.hooks.zoom(moves[event.key]);
  }

  resize() {
    if (this.Plotly && this.plot.clientWidth) this.Plotly.Plots.resize(this.plot);
  }

  /** @returns {Promise<string>} a PNG as a data URL */
  image(width, height) {
    const title = { text: this.panel.title, font: { size: 14 } };
    const margin = { ...this.layout.margin, t: 32 };
    const layout = { ...this.layout, width, height, margin, title, paper_bgcolor: this.look.paper, shapes: this.shapes(), annotations: this.limitWords() };
    return this.Plotly.toImage({ data: this.data, layout }, { format: "png", width, height });
  }

  close() {
    this.Plotly?.purge(this.plot);
  }
}

/** A value in words. @param {number | null} value @param {Panel} panel */
export function said(value, { unit, digits }) {
  if (value === null || value === undefined) return "–";
  if (unit === "ms" && value >= 1000) return `${(value / 1000).toFixed(1)} s`;
  const number = value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit ? `${number} ${unit}` : number;
}

/** Sizes of dots: none but where no neighbour is known, to which a line would lead. @param {(number | null)[]} values */
const dots = (values) => values.map((value, at) => (value !== null && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null ? 5 : 0));

/** How moments are written along the axis. @param {number} span  milliseconds */
const tickFormat = (span) => (span <= 180_000 ? "%H:%M:%S" : span <= 2 * 86_400_000 ? "%H:%M" : "%b %-d");

// Plotly shows moments as UTC; people live in their own time.
const offset = (time) => new Date(time).getTimezoneOffset() * 60_000;
const local = (time) => time - offset(time);

/** Milliseconds since the epoch of what Plotly says: its own number, or local time as text. */
function moment(said) {
  const shown = typeof said === "number" ? said : Date.parse(`${String(said).replace(" ", "T")}Z`);
  return shown + offset(shown);
}
