// Alerts in force, with what can be done about them, and those of the past.
import { button, icon } from "./controls.js";
import { h } from "./dom.js";
import { redraw } from "./redraw.js";

/**
 * @typedef {{id: number, rule: string, level: string, state: string, summary: string, started: number, ended: number | null,
 *   is_silenced: boolean, is_inhibited: boolean}} Alert  moments in milliseconds since the epoch
 */

const SILENCES = [["10 min", 600], ["1 hour", 3600], ["1 day", 86_400]];

/** @param {{acknowledge: (id: number) => void, silence: (rule: string, seconds: number) => void}} hooks */
export function alertList(hooks) {
  const active = h("ul", { className: "gb-alerts", "aria-label": "Alerts in force" });
  const past = h("ul", { className: "gb-alerts gb-is-past", "aria-label": "Alerts of the past" });
  const summary = h("summary", {}, "History");
  const history = h("details", { className: "gb-alert-history", open: true }, summary, past);
  const calm = h("p", { className: "gb-alert-calm" }, icon("check"), "No alert is in force.");
  const element = h("section", { className: "gb-alert-box", "aria-label": "Alerts" }, h("h3", {}, "Alerts"), calm, active, history);
  /** @param {Alert[]} alerts */
  const show = (alerts) => {
    if (element.contains(document.activeElement) && document.activeElement.matches("select")) return; // somebody is choosing
    const current = alerts.filter((alert) => alert.ended === null);
    const ended = alerts.filter((alert) => alert.ended !== null);
    calm.hidden = current.length > 0;
    redraw(active, current, (alert) => row(alert, hooks));
    history.hidden = !ended.length;
    summary.textContent = `History (${ended.length})`;
    redraw(past, ended, (alert) => row(alert, null));
  };
  return { element, show };
}

function row(alert, hooks) {
  const words = [alert.state === "firing" ? "" : alert.state, alert.is_silenced ? "silenced" : "", alert.is_inhibited ? "covered by a higher one" : ""].filter(Boolean);
  const when = alert.ended === null ? `since ${clock(alert.started)}` : `${clock(alert.started)} – ${clock(alert.ended)}`;
  return h(
    "li",
    { className: `gb-alert gb-level-${alert.level}` },
    h("span", { className: "gb-alert-level" }, icon(alert.ended === null ? "warning" : "check"), alert.level),
    h("span", { className: "gb-message" }, alert.summary),
    h("span", { className: "gb-alert-when" }, [...words, when].join(" · ")),
    ...(hooks ? actions(alert, hooks) : []),
  );
}

function actions(alert, hooks) {
  const seen = button({ label: "Acknowledge", title: "I look after it: it is not repeated", className: "gb-outlined", onclick: () => hooks.acknowledge(alert.id) });
  seen.disabled = alert.state === "acknowledged";
  const choose = (event) => hooks.silence(alert.rule, Number(event.target.value));
  const options = [h("option", { value: "" }, "Silence…"), ...SILENCES.map(([label, seconds]) => h("option", { value: String(seconds) }, label))];
  return [seen, h("select", { className: "gb-input", "aria-label": `Silence ${alert.rule}`, title: "Send no notices for a while", onchange: choose }, ...options)];
}

const clock = (time) => {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? date.toLocaleTimeString([], { hour12: false }) : date.toLocaleString([], { hour12: false, dateStyle: "short", timeStyle: "short" });
};
