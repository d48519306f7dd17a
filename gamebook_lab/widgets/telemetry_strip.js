// One line of telemetry: a figure with a spark line each, and how many alerts are in force. It stands under somebody's text
// all the time, so it is calm: words, and red, are for what they can do something about; the rest is on hover and in the Dashboard.
import { h } from "./shared/dom.js";
import { button, icon } from "./shared/controls.js";
import { count, plural } from "./shared/counted.js";
import { measured } from "./shared/probe.js";
import { whileSeen } from "./shared/sight.js";

/** @typedef {{key: string, label: string, value: string, level: string, top: number, points: (number | null)[]}} Item */

const RENEW_MS = 8000; // Python forgets a view that has not said for 20 seconds that it can be seen
const [WIDTH, HEIGHT] = [48, 16];
const SPACE = "http://www.w3.org/2000/svg";

function render({ model, el, signal }) {
  const view = crypto.randomUUID?.() ?? String(Math.random());
  const items = h("ul", { className: "gb-strip-items" });
  const more = () => model.send({ type: "more" });
  const alerts = h(model.get("has_more") ? "button" : "span", { className: "gb-strip-alerts", type: "button", onclick: model.get("has_more") ? more : undefined });
  const urgent = h("span", { className: "gb-strip-urgent", role: "alert", hidden: true });
  const root = h("div", { className: "gb-root gb-strip", "aria-label": "Machine and screen", role: "region" }, items, urgent, alerts);
  if (model.get("has_more")) root.append(button({ label: "Dashboard", title: "Show the charts", className: "gb-strip-more", onclick: more }));
  const shown = new Map();
  let said = null;
  el.append(root);

  const show = (message) => {
    for (const item of message.items) {
      if (!shown.has(item.key)) {
        shown.set(item.key, figure(item));
        items.append(shown.get(item.key).element);
      }
      shown.get(item.key).show(item);
    }
    const [n, words] = [message.alerts.length, message.alerts.join("\n")];
    if (words + message.urgent === said) return;
    said = words + message.urgent;
    alerts.title = words || "No alert is in force";
    alerts.classList.toggle("gb-is-calm", !n);
    alerts.setAttribute("aria-label", n ? `${plural(n, "alert")}: ${message.alerts.join("; ")}` : "No alerts");
    alerts.replaceChildren(icon(n ? "warning" : "check"), h("span", {}, n ? count(n) : ""));
    urgent.hidden = !message.urgent;
    urgent.replaceChildren(icon("error"), h("span", { title: message.urgent }, message.urgent));
  };
  model.on("msg:custom", (message) => message.type === "strip" && show(message));

  const watch = () => model.send({ type: "watch", view });
  let renewing = null;
  whileSeen(
    root,
    (isSeen) => {
      clearInterval(renewing);
      if (isSeen) {
        watch();
        renewing = setInterval(watch, RENEW_MS);
      } else model.send({ type: "rest", view });
    },
    signal,
  );
}

/** @param {Item} item */
function figure({ label }) {
  const value = h("span", { className: "gb-strip-value" });
  const line = document.createElementNS(SPACE, "path");
  const svg = document.createElementNS(SPACE, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("class", "gb-strip-line");
  svg.setAttribute("aria-hidden", "true");
  svg.append(line);
  const sign = h("span", { className: "gb-strip-sign" });
  const element = h("li", { className: "gb-strip-item" }, h("span", { className: "gb-strip-label" }, label), svg, value, sign);
  /** @param {Item} item */
  const show = (item) => {
    value.textContent = item.value;
    element.className = `gb-strip-item gb-strip-${item.key} ${item.level ? `gb-level-${item.level}` : ""}`;
    element.title = `${label}: ${item.value}${item.level ? ", over its limit" : ""}. The line is the last minute.`;
    sign.replaceChildren(...(item.level ? [icon("warning"), h("span", { className: "gb-visually-hidden" }, "over its limit")] : []));
    line.setAttribute("d", path(item));
  };
  return { element, show };
}

/** @param {Item} item @returns {string} an SVG path with gaps where nothing was measured */
function path({ points, top }) {
  let isDown = false;
  return points
    .map((value, at) => {
      if (value === null) {
        isDown = false;
        return "";
      }
      const x = (at / Math.max(1, points.length - 1)) * WIDTH;
      const y = HEIGHT - 1 - (value / top) * (HEIGHT - 2);
      const step = `${isDown ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}${isDown ? "" : "h0.1"}`;
      isDown = true;
      return step;
    })
    .join("");
}

export default measured({ render });
