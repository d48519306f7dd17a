// The problem list: counts and filters above, rows below; a click goes to the place in the text.
import { button, icon } from "./shared/controls.js";
import { count, plural } from "./shared/counted.js";
import { h } from "./shared/dom.js";
import { keepKeys } from "./shared/keys.js";
import { afterPress } from "./shared/press.js";
import { measured } from "./shared/probe.js";
import { refill } from "./shared/redraw.js";
import { VirtualList } from "./shared/virtual_list.js";

const NAMES = { error: "error", warning: "warning", info: "note" };

function render({ model, el, signal }) {
  const list = new ProblemList(model, el, signal);
  model.on("msg:custom", afterPress(el, (message) => list.receive(message), signal));
  list.send({ type: "hello" });
  return () => list.list.close();
}

class ProblemList {
  constructor(model, el, signal) {
    this.model = model;
    this.id = crypto.randomUUID?.() ?? String(Math.random());
    /** @type {{severities: string[], code: string, key: number | null}} */
    this.filter = { severities: [], code: "", key: null };
    this.summary = null;
    this.isOnlySelected = false;
    this.build(el, signal);
  }

  build(el, signal) {
    this.severities = Object.keys(NAMES).map((severity) => {
      const text = h("span");
      const element = h("button", {
        type: "button",
        className: "gb-button gb-toggle",
        "aria-pressed": "false",
        onclick: () => this.toggle(severity),
      }, icon(severity), text);
      element.querySelector("svg").classList.add(`gb-severity-${severity}`);
      return { severity, element, text };
    });
    this.codes = h("select", { className: "gb-input gb-codes", "aria-label": "Kind of problem", onchange: () => this.change({ code: this.codes.value }) });
    this.only = h("label", { className: "gb-only" }, h("input", { type: "checkbox", onchange: (event) => this.onlySelected(event.target.checked) }), "This passage");
    this.status = h("span", { className: "gb-status", role: "status" });
    this.good = h("span", { className: "gb-problems-good", hidden: true }, icon("check"), "No problems found");
    this.empty = h("div", { className: "gb-empty gb-problems-empty" });
    this.list = new VirtualList({
      rowHeight: 46,
      fetch: (start, stop) => this.ask(start, stop),
      said: (row) => [row, this.explained === row.code],
      draw: (row) => this.row(row),
    });
    const bar = h("div", { className: "gb-problems-bar" }, h("strong", {}, "Problems"), this.good, ...this.severities.map((one) => one.element), this.codes, this.only, this.status);
    const root = (this.root = h("div", { className: "gb-root gb-problems" }, bar, h("div", { className: "gb-problems-body" }, this.list.element, this.empty)));
    keepKeys(root, signal);
    el.append(root);
  }

  send(message) {
    this.model.send({ view: this.id, ...message });
  }

  receive(message) {
    if (message.view && message.view !== this.id) return;
    if (message.type === "summary") this.showSummary(message);
    else if (message.type === "page") this.showPage(message);
  }

  ask(start, stop) {
    this.send({ type: "page", filter: this.filter, start, stop });
  }

  /** @param {Partial<typeof this.filter>} part */
  change(part) {
    this.filter = { ...this.filter, ...part };
    this.list.element.scrollTop = 0;
    this.refresh();
  }

  refresh() {
    this.list.refresh();
  }

  toggle(severity) {
    const { severities } = this.filter;
    this.change({ severities: severities.includes(severity) ? severities.filter((other) => other !== severity) : [...severities, severity] });
    this.showSummary(this.summary);
  }

  onlySelected(isOn) {
    this.isOnlySelected = isOn;
    this.send({ type: "follow", is_on: isOn });
    this.change({ key: isOn ? this.summary?.selected ?? null : null });
  }

  showSummary(summary) {
    const isNew = summary.version !== this.summary?.version;
    const hasMoved = this.isOnlySelected && summary.selected !== this.filter.key;
    this.summary = summary;
    for (const { severity, element, text } of this.severities) {
      const n = summary.severities[severity];
      const isOn = this.filter.severities.includes(severity);
      text.textContent = count(n);
      element.title = `${plural(n, NAMES[severity])}: ${isOn ? "show the others as well" : "show only these"}`;
      element.setAttribute("aria-label", element.title);
      element.setAttribute("aria-pressed", String(isOn));
      element.disabled = n === 0 && !isOn;
    }
    if (isNew) this.showCodes(summary.codes);
    this.showStatus();
    if (hasMoved) this.change({ key: summary.selected });
    else if (isNew) this.refresh();
    else this.showEmpty();
  }

  showCodes(codes) {
    if (this.filter.code && !codes.some((entry) => entry.code === this.filter.code)) this.filter.code = "";
    const option = (value, label) => h("option", { value, selected: value === this.filter.code }, label);
    refill(this.codes, codes, () => [option("", "All kinds"), ...codes.map((entry) => option(entry.code, `${entry.title} (${count(entry.n)})`))]);
    this.codes.hidden = codes.length < 2;
  }

  showStatus() {
    const { status } = this.summary;
    const isGood = emptiness(this.summary, 0, false) === "glad";
    this.root.classList.toggle("gb-is-good", isGood); // the Studio gives it one line then
    this.good.hidden = !isGood;
    this.status.textContent = { checking: "Checking…", failed: "The check failed; the log has the details", done: "" }[status];
    this.status.classList.toggle("gb-severity-error", status === "failed");
  }

  showPage({ version, filter, n, start, rows }) {
    if (version !== this.summary?.version || JSON.stringify(filter) !== JSON.stringify(this.filter)) return;
    this.list.fill(n, start, rows);
    this.n = n;
    this.showEmpty();
  }

  showEmpty() {
    const why = emptiness(this.summary, this.n ?? 0, this.isOnlySelected);
    this.empty.hidden = why === null;
    this.empty.classList.toggle("gb-is-good", why === "glad");
    if (why === null) return;
    const all = () => button({ label: "Show all problems", className: "gb-outlined", onclick: () => this.showAll() });
    const contents = {
      checking: () => ["Checking the story…"],
      failed: () => [icon("error"), "The check failed."],
      glad: () => [icon("check"), "No problems found"],
      here: () => ["No problems in this passage", all()],
      filtered: () => ["No problems of this kind", all()],
    };
    refill(this.empty, why, contents[why]);
  }

  showAll() {
    this.isOnlySelected = false;
    this.send({ type: "follow", is_on: false });
    this.only.querySelector("input").checked = false;
    this.codes.value = "";
    this.change({ severities: [], code: "", key: null });
    this.showSummary(this.summary);
  }

  row(row) {
    const go = () => row.key !== null && this.send({ type: "select", key: row.key, start: row.start, stop: row.stop });
    const sign = icon(row.severity);
    sign.classList.add(`gb-severity-${row.severity}`);
    const what = button({
      icon: "help",
      title: `${row.code}: ${row.title}`,
      className: "gb-what",
      onclick: (event) => (event.stopPropagation(), this.explain(row)),
    });
    const element = h(
      "div",
      {
        className: `gb-problem ${row.key === null ? "" : "gb-can-go"}`,
        tabIndex: row.key === null ? -1 : 0,
        onclick: go,
        onkeydown: (event) => (event.key === "Enter" || event.key === " ") && event.target === element && (event.preventDefault(), go()),
      },
      h("span", { className: "gb-problem-sign", title: NAMES[row.severity] }, sign),
      h(
        "div",
        { className: "gb-problem-text" },
        h("div", { className: "gb-problem-message", title: row.message }, row.message),
        h("div", { className: "gb-problem-hint", title: row.hint }, this.explained === `${row.code}` ? `${row.code}: ${row.title}` : row.hint || row.title),
      ),
      h("div", { className: "gb-problem-place" }, h("div", { className: "gb-problem-passage", title: row.passage ?? "" }, row.passage ?? "The whole story"), h("div", {}, row.place)),
      what,
    );
    return element;
  }

  /** Show what all problems of this code are, in place of their hints, until asked again. */
  explain(row) {
    this.explained = this.explained === row.code ? null : row.code;
    this.list.paint();
  }
}

/**
 * Why there is nothing to list; null: there is something.
 * @param {{status: string, version: number, severities: Record<string, number>}} summary @param {number} n rows that pass the filter
 */
export function emptiness({ status, version, severities }, n, isOnlySelected) {
  if (status === "failed") return "failed";
  if (version === 0) return "checking";
  if (Object.values(severities).every((count) => count === 0)) return "glad";
  if (n > 0) return null;
  return isOnlySelected ? "here" : "filtered";
}

export default measured({ render });
