// The objectives as tiles: value, target, how often it was kept, what may still go wrong, how much stands behind it.
import { count } from "./counted.js";
import { icon } from "./controls.js";
import { h } from "./dom.js";

/**
 * @typedef {{objective: string, title: string, target: string, current: string, compliance: number | null, goal: number,
 *   budget_left: number | null, n: number, state: "met" | "missed" | "no data"}} Objective
 */

const SIGNS = { met: ["check", "kept"], missed: ["warning", "missed"], "no data": ["help", "no data"] };

/** @param {Objective[]} objectives @param {string} window */
export const tiles = (objectives, window) => objectives.map((objective) => tile(objective, window));

function tile({ title, target, current, compliance, goal, budget_left, n, state }, window) {
  const [sign, word] = SIGNS[state] ?? SIGNS["no data"];
  const left = budget_left === null ? 0 : Math.max(0, Math.min(1, budget_left));
  const meter = h("div", { className: "gb-tile-meter", role: "meter", "aria-label": "Error budget left", "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": Math.round(left * 100) }, h("div", {}));
  meter.firstChild.style.width = `${left * 100}%`;
  const kept = compliance === null ? "nothing measured" : `kept ${percent(compliance)}`;
  const budget = budget_left === null ? "" : budget_left < 0 ? "budget overdrawn" : `budget ${percent(budget_left, 0)} left`;
  const hint = `Over the last ${window}: ${kept}, should be ${percent(goal)}${budget ? `, ${budget}` : ""}, from ${count(n)} observations`;
  return h(
    "li",
    { className: `gb-tile gb-is-${state.replace(" ", "-")}`, title: hint },
    h("div", { className: "gb-tile-head" }, h("span", {}, title), h("span", { className: "gb-tile-state" }, icon(sign), word)),
    h("div", { className: "gb-tile-value" }, current),
    h("div", { className: "gb-tile-target" }, target),
    meter,
    h("div", { className: "gb-tile-foot" }, h("span", {}, kept), h("span", {}, `n ${count(n)}`)),
  );
}

const percent = (share, digits = share > 0.99 && share < 1 ? 2 : 1) => `${(share * 100).toFixed(digits).replace(/\.0+$/, "")} %`;
