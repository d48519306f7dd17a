// Says why the selected passage can be reached, or cannot. What both sides say is in why_messages.py.
import { button } from "./shared/controls.js";
import { count, plural } from "./shared/counted.js";
import { h } from "./shared/dom.js";
import { keepKeys } from "./shared/keys.js";
import { afterPress } from "./shared/press.js";
import { measured } from "./shared/probe.js";
import { refill } from "./shared/redraw.js";

const MOST_CHIPS = 9; // of a way, until all are asked for
const VERDICTS = { reachable: "✓", unreachable: "✕", unknown: "?" };

function render({ model, el, signal }) {
  const root = h("div", { className: "gb-root gb-why", role: "region", "aria-label": "Why this passage can be reached or not" });
  keepKeys(root, signal);
  el.append(root);
  let reason = null;
  let isOpen = false;
  const send = (message) => model.send(message);
  const show = () => {
    root.hidden = !reason.verdict && !reason.note;
    refill(root, [reason, isOpen], () => said(reason, { send, isOpen, open: () => ((isOpen = true), show()) }));
  };
  const hear = (message) => {
    const isOther = message.key !== reason?.key;
    if (isOther) isOpen = false;
    reason = message;
    show();
    const pane = isOther && el.closest(".gb-pane");
    if (pane) pane.scrollTop = 0; // what is said of another passage begins with its verdict
  };
  model.on("msg:custom", afterPress(root, hear, signal));
  send({ type: "hello" });
}

function said(reason, act) {
  if (!reason.verdict) return [h("span", { className: "gb-why-note", role: "status" }, reason.note)];
  const sign = h("span", { className: `gb-why-sign gb-is-${reason.verdict}`, "aria-hidden": "true" }, VERDICTS[reason.verdict] ?? "?");
  const parts = [h("span", { className: "gb-why-head" }, sign, h("strong", {}, headline(reason)))];
  if (reason.can_play) parts.push(button({ label: "Play", title: "Play this way, step by step", className: "gb-outlined gb-why-play", onclick: () => act.send({ type: "play" }) }));
  if (reason.way.length > 1) parts.push(way(reason.way, act)); // last: it may be longer than there is room for
  const lines = [h("div", { className: "gb-why-line" }, ...parts)];
  for (const blocked of reason.blocked) lines.push(block(blocked, act));
  if (reason.n_blocked > reason.blocked.length) lines.push(h("div", { className: "gb-why-note" }, `and ${plural(reason.n_blocked - reason.blocked.length, "more choice")} that ${reason.n_blocked - reason.blocked.length === 1 ? "leads" : "lead"} here`));
  if (reason.note && reason.verdict === "unknown") lines.push(h("div", { className: "gb-why-note" }, reason.note));
  return lines;
}

function headline({ verdict, n_steps, is_luck_only, way, n_blocked }) {
  if (verdict === "unreachable") return n_blocked ? "Cannot be reached:" : "Cannot be reached: no link leads here.";
  const steps = way.length === 1 ? "Reading begins here" : `in ${plural(n_steps, "step")}:`;
  if (verdict === "unknown") return way.length ? `May be reachable ${steps}` : "Not reached so far";
  if (way.length === 1) return steps;
  return `Reachable ${is_luck_only ? "(something is drawn by chance on the way) " : ""}${steps}`;
}

function way(stages, act) {
  const list = h("ol", { className: "gb-why-way" });
  const half = Math.floor(MOST_CHIPS / 2);
  const isLong = stages.length > MOST_CHIPS && !act.isOpen;
  stages.forEach((stage, at) => {
    if (isLong && at >= half && at < stages.length - half) {
      if (at === half)
        list.append(h("li", {}, button({ label: `… ${count(stages.length - 2 * half)} more …`, title: "Show the whole way", className: "gb-chip", onclick: act.open })));
      return;
    }
    list.append(h("li", {}, chip(stage, act)));
  });
  return list;
}

function chip({ key, name, hint }, act, span = null) {
  const made = h("button", { type: "button", className: "gb-chip", title: hint ? `${name}: ${hint}` : name, onclick: () => act.send({ type: "select", key, span }) }, name);
  made.disabled = key === null;
  return made;
}

/** A choice that leads here: where it is, on what condition, and who sets its variables. */
function block({ passage, span, label, condition, is_read, setters }, act) {
  const line = h("div", { className: "gb-why-block" }, chip(passage, act, span));
  const say = (text) => line.append(h("span", {}, text));
  say(label ? `offers “${label}”` : "leads here");
  if (condition) {
    say("only if");
    line.append(h("code", {}, condition));
  }
  if (!is_read) say("— but no reader comes there either");
  for (const { variable, passages, n_passages } of setters) {
    const where = h("span", { className: "gb-why-setter" }, h("code", {}, variable), n_passages ? " is set in " : " is never set");
    where.append(...passages.map((each) => chip(each, act)));
    if (n_passages > passages.length) where.append(` and ${count(n_passages - passages.length)} more`);
    line.append(where);
  }
  return line;
}

export default measured({ render });
