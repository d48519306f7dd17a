// One line of telemetry: a figure with a spark line each, and the alerts in force.
import { h } from "./shared/dom.js";
import { button, icon } from "./shared/controls.js";
import { measured } from "./shared/probe.js";
import { whileSeen } from "./shared/sight.js";

/** @typedef {{key: string, label: string, value: string, level: string, top: number, points: (number | null)[]}} Item */

const RENEW_MS = 8000; // Python forgets a view that has not said for 20 seconds that it can be seen
const [WIDTH, HEIGHT] = [48, 16];
const SPACE = "http://www.w3.org/2000/svg";

function render({ model, el, signal }) {
  const view = crypto.randomUUID?.() ?? String(Math.random());
  const items = h("ul", { className: "gb-strip-items" });
  const alerts = h("span", { className: "gb-strip-alerts", role: "status" });
  const root = h("div", { className: "gb-root gb-strip", "aria-label": "Machine and screen", role: "region" }, items, alerts);
  if (model.get("has_more")) root.append(button({ label: "Dashboard", title: "Show the charts", className: "gb-strip-more", onclick: () => model.send({ type: "more" }) }));
  const shown = new Map();
  el.append(root);

  const show = (message) => {
    for (const item of message.items) {
      if (!shown.has(item.key)) {
        shown.set(item.key, figure(item));
        items.append(shown.get(item.key).element);
      }
      shown.get(item.key).show(item);
    }
    const words = message.alerts.length ? message.alerts[0] : "";
    const more = message.alerts.length > 1 ? ` (and ${message.alerts.length - 1} more)` : "";
    if (alerts.title !== message.alerts.join("\n") || !alerts.textContent) {
      alerts.className = `gb-strip-alerts gb-level-${message.level || "none"}`;
      alerts.title = message.alerts.join("\n");
      alerts.replaceChildren(icon(words ? "warning" : "check"), h("span", {}, words ? `${message.level}: ${words}${more}` : "No alerts"));
    }
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
    element.className = `gb-strip-item ${item.level ? `gb-level-${item.level}` : ""}`;
    element.title = `${label}: ${item.value}${item.level ? `, ${item.level}` : ""}. The line is the last minute.`;
    sign.replaceChildren(...(item.level ? [icon("warning"), h("span", { className: "gb-visually-hidden" }, item.level)] : []));
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
