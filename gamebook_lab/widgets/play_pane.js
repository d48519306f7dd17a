// The play pane: words and choices on the left, variables and the way so far on the right.
import { catchingUp } from "./shared/catching_up.js";
import { button, icon } from "./shared/controls.js";
import { count, plural } from "./shared/counted.js";
import { h } from "./shared/dom.js";
import { keepKeys } from "./shared/keys.js";
import { afterPress } from "./shared/press.js";
import { measured } from "./shared/probe.js";
import { redraw, refill } from "./shared/redraw.js";
import { visible } from "./shared/visible.js";

const WHY = {
  taken: "It can be taken once, and was.",
  unknown: "Why is not known: something here is not modelled.",
};

/** What an offer does, where it is not just a step on. */
const DOES = { external: "leaves the story", restart: "begins again", undo: "steps back", load: "loads a saved game" };
const NAMELESS = { computed: "Wherever its code leads", goto: "Moves on by itself", return: "Back" };

function render({ model, el, signal }) {
  const pane = new PlayPane(model, el, signal);
  model.on("msg:custom", afterPress(el, (message) => pane.receive(message), signal));
  pane.send({ type: "hello" });
}

class PlayPane {
  constructor(model, el, signal) {
    this.model = model;
    this.id = crypto.randomUUID?.() ?? String(Math.random());
    this.state = null;
    this.filter = "";
    this.build(el, signal);
  }

  send(message) {
    this.model.send({ view: this.id, ...message });
  }

  // ---- elements

  build(el, signal) {
    const press = (type) => () => this.send({ type });
    this.back = button({ icon: "back", title: "Step back (Backspace)", onclick: press("back") });
    this.forward = button({ icon: "forward", title: "Take the step again", onclick: press("forward") });
    this.restart = button({ icon: "restart", title: "Begin again, with the same dice", onclick: press("restart") });
    this.jump = button({ icon: "play", label: "Play from here", className: "gb-outlined gb-play-jump", onclick: press("jump") });
    this.jump.hidden = true;
    this.reroll = button({ icon: "dice", title: "Begin again with other dice", onclick: press("reroll") });
    this.asked = h("input", { type: "checkbox", onchange: (event) => this.send({ type: "dice", is_asked: event.target.checked }) });
    this.follows = h("input", { type: "checkbox", checked: true, onchange: (event) => this.send({ type: "follow", is_on: event.target.checked }) });
    const bar = h("div", { className: "gb-play-bar", role: "toolbar", "aria-label": "Playing" },
      this.back, this.forward, this.restart, this.reroll, this.jump, h("span", { className: "gb-play-push" }),
      h("label", { title: "Ask me for the outcome wherever the story rolls dice" }, this.asked, "I choose the dice"),
      h("label", { title: "Select the passage on the map and in the editor as I play" }, this.follows, "Follow on the map"));
    this.notice = h("div", { className: "gb-banner gb-play-notice", role: "status", hidden: true });
    this.words = h("div", { className: "gb-play-words", tabIndex: 0, role: "region", "aria-label": "The passage" });
    this.find = h("input", { type: "search", className: "gb-input", placeholder: "Filter", "aria-label": "Filter variables", oninput: () => ((this.filter = this.find.value.trim().toLowerCase()), this.showVariables()) });
    this.variables = h("div", { className: "gb-play-list gb-play-variables", role: "region", "aria-label": "Variables", tabIndex: 0 });
    this.trail = h("ol", { className: "gb-play-list gb-play-trail", "aria-label": "Steps so far" });
    this.steps = h("span", { className: "gb-play-count" });
    const side = h("div", { className: "gb-play-side" },
      h("section", {}, h("header", {}, h("strong", {}, "Variables"), this.find), this.variables),
      h("section", {}, h("header", {}, h("strong", {}, "Steps so far"), this.steps), this.trail));
    this.body = h("div", { className: "gb-play-body" }, this.words, side);
    this.wait = h("div", { className: "gb-empty gb-play-wait" });
    this.root = h("div", { className: "gb-root gb-play" }, bar, this.notice, this.body, this.wait);
    this.body.hidden = true;
    this.showWait("Getting the story ready…");
    this.root.addEventListener("keydown", (event) => this.onKey(event), { signal });
    keepKeys(this.root, signal);
    el.append(this.root);
  }

  // ---- keys

  onKey(event) {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input[type=search]")) return;
    if (/^[1-9]$/.test(event.key)) this.words.querySelectorAll("[data-key]")[Number(event.key) - 1]?.click();
    else if (event.key === "Backspace" && !this.back.disabled) this.back.click();
    else return;
    event.preventDefault();
  }

  // ---- from Python

  receive(message) {
    if (message.type === "state") this.show(message);
    else if (message.type === "selected") this.showSelected(message.name);
    else if (message.type === "making") this.showWait("Getting the story ready…");
    else if (message.type === "failed") this.showWait("The story could not be played: the log of the kernel says why. Restart to try again.", "warning");
  }

  showWait(text, sign = "play") {
    this.wait.hidden = false;
    this.body.hidden = true;
    this.wait.replaceChildren(icon(sign), h("div", {}, text));
  }

  showSelected(name) {
    this.jump.hidden = name === null;
    this.jump.title = `Play to “${name}”, by a way that is known`;
    this.jump.querySelector("span").textContent = visible(`Play to “${name}”`);
  }

  show(state) {
    const hadFocus = this.words.contains(document.activeElement);
    const isNew = this.state?.at !== state.at || this.state?.passage !== state.passage;
    this.state = state;
    this.wait.hidden = true;
    this.body.hidden = false;
    this.back.disabled = state.at <= 0 && !state.question;
    this.forward.disabled = state.at >= state.n_steps - 1;
    this.reroll.title = `Begin again with other dice (now: ${state.seed})`;
    this.asked.checked = state.is_asked;
    this.follows.checked = state.is_following;
    this.notice.hidden = !state.notice;
    this.notice.replaceChildren(icon("info"), h("span", { className: "gb-message" }, state.notice));
    const { passage, via, lines, unclear, question, offers, message, stop, around, hidden } = state;
    const isOther = refill(this.words, [passage, via, lines, unclear, question, offers, message, stop, around, hidden], () => this.page(state));
    if (isNew) this.words.scrollTop = 0;
    if (hadFocus && isOther) this.words.focus({ preventScroll: true }); // the button that had it is gone, the keys stay
    this.showVariables();
    this.showTrail();
  }

  // ---- the passage

  page(state) {
    const parts = [];
    if (state.via.length) parts.push(h("div", { className: "gb-play-via" }, `by way of ${state.via.join(", ")}`));
    if (state.passage !== null) parts.push(h("h2", {}, state.passage));
    parts.push(...state.lines.map((line) => h("p", { textContent: line })));
    if (state.unclear.length) parts.push(this.unclear(state.unclear));
    if (state.question) return [...parts, this.question(state.question)];
    parts.push(...this.ways(state));
    if (state.around.length) parts.push(h("aside", { className: "gb-play-around", "aria-label": "Beside the passage" }, h("h3", {}, "Beside the passage"), ...state.around.map((line) => h("p", { textContent: line }))));
    if (state.hidden.length) parts.push(this.hiddenChoices(state.hidden));
    return parts;
  }

  ways(state) {
    const parts = [];
    if (state.offers.length) {
      const offers = state.offers.map((offer, nth) => this.key(nth, nameOf(offer), offer.missing === null ? DOES[offer.kind] : broken(offer.missing), () => this.send({ type: "choose", nth })));
      parts.push(h("div", { className: "gb-play-offers", role: "group", "aria-label": "Choices" }, ...offers));
    }
    if (state.message) parts.push(h("div", { className: `gb-play-stop gb-is-${state.stop}` }, icon(state.stop === "ending" ? "flag" : "warning"), h("span", {}, state.message)));
    return parts;
  }

  /** A button that a digit presses. */
  key(nth, label, extra, onclick) {
    return h("button", { type: "button", className: "gb-play-offer", onclick, "data-key": nth + 1 },
      h("kbd", { "aria-hidden": "true" }, nth < 9 ? String(nth + 1) : "·"), h("span", { className: "gb-play-label", textContent: label }), extra && h("span", { className: "gb-play-extra" }, extra));
  }

  question(question) {
    const isChance = question.kind === "chance";
    const place = question.passage === null ? null
      : h("button", { type: "button", className: "gb-play-link", onclick: () => this.locate(question) }, `${question.what} in “${question.passage}”`);
    const head = isChance ? h("p", {}, "The story rolls dice here. What comes up?") : h("p", {}, "It may do either: ", place, " decides on something that nobody knows. Which way should it go?");
    const ways = question.alternatives.map((each, nth) => this.key(nth, each.effect || `Way ${nth + 1}`, each.chance, () => this.send({ type: "answer", nth })));
    const more = question.n - question.alternatives.length;
    return h("div", { className: "gb-play-question" }, head, ...ways, more > 0 && h("p", { className: "gb-play-faint" }, `and ${plural(more, "more way", "more ways")}`));
  }

  unclear(list) {
    const places = list.map((each) => h("button", { type: "button", className: "gb-play-link", onclick: () => this.locate(each) }, each.what));
    return h("div", { className: "gb-play-unclear" }, icon("info"), h("span", {}, "Not modelled, so what is shown may differ: ", ...places.flatMap((place, at) => (at ? [", ", place] : [place]))));
  }

  hiddenChoices(list) {
    const rows = list.map((each) => this.hiddenChoice(each));
    return h("div", { className: "gb-play-hidden", role: "group", "aria-label": "Choices that are not offered" }, h("h3", {}, `Not offered now (${count(list.length)})`), ...rows);
  }

  hiddenChoice(choice) {
    const label = nameOf(choice);
    const name = h("button", { type: "button", className: "gb-play-hidden-name", title: "Show it in the text", onclick: () => this.locate(choice) }, label,
      choice.target !== null && choice.target !== label && h("span", { className: "gb-play-target" }, icon("outgoing"), choice.target));
    const why = choice.why === "revealed" ? [h("div", {}, `Comes with “${choice.revealed_by}”.`)] : [];
    if (WHY[choice.why]) why.push(h("div", {}, WHY[choice.why]));
    return h("div", { className: "gb-play-hidden-row" }, name, ...why, ...(choice.why === "condition" ? choice.conditions.map((each) => this.condition(each)) : []));
  }

  condition(condition) {
    const signs = { true: ["check", "holds"], false: ["close", "does not hold"], null: ["help", "may hold or not: not all of these do"] };
    const [sign, title] = signs[condition.holds];
    const readings = condition.readings.map((each) => h("span", { className: "gb-play-reading" }, h("span", {}, `${each.name} `), h("b", {}, each.value)));
    return h("div", { className: `gb-play-condition gb-holds-${condition.holds}` }, h("span", { title }, icon(sign)), h("div", {}, h("code", {}, condition.text), ...readings));
  }

  locate({ passage, start, stop }) {
    this.send({ type: "locate", passage, start, stop });
  }

  // ---- variables and steps

  showVariables() {
    const { variables, memory } = this.state;
    const fits = (entry) => !this.filter || entry.name.toLowerCase().includes(this.filter);
    const changed = variables.filter((entry) => entry.before !== null && fits(entry));
    const others = variables.filter((entry) => entry.before === null && fits(entry));
    const group = (title, entries) => (entries.length ? [title && h("h3", {}, title), ...entries.map((entry) => this.variable(entry))] : []);
    const kept = memory.filter(fits);
    refill(this.variables, [changed, others, kept, Boolean(this.filter)], () => {
      const parts = [...group("Just changed", changed), ...group(changed.length ? "As before" : "", others), ...group("Kept by the story itself", kept)].filter(Boolean);
      return parts.length ? parts : [h("div", { className: "gb-play-faint" }, this.filter ? "None of that name." : "None yet.")];
    });
  }

  variable({ name, value, before }) {
    const isChanged = before !== null;
    const was = isChanged && before !== "(unset)" ? h("del", {}, before) : null;
    return h("div", { className: `gb-play-variable ${isChanged ? "gb-is-changed" : ""}`, title: isChanged ? `${name}: ${before} → ${value}` : `${name}: ${value}` }, h("span", { className: "gb-play-name" }, name), h("span", { className: "gb-play-value" }, was, h("b", {}, value)));
  }

  showTrail() {
    const { trail, at, n_steps } = this.state;
    this.steps.textContent = n_steps > 1 ? plural(n_steps - 1, "choice") : "";
    const steps = trail.map((step) => ({ ...step, isLater: step.at > at, isNow: step.at === at }));
    redraw(this.trail, steps, (step) => h("li", {},
      h("button", { type: "button", className: `gb-play-step ${step.isLater ? "gb-is-later" : ""}`, "aria-current": step.isNow ? "step" : null, onclick: () => this.send({ type: "go", at: step.at }) },
        h("span", { className: "gb-play-number" }, count(step.at + 1)),
        h("span", {}, step.label !== null && h("span", { className: "gb-play-taken" }, step.label || "(a choice)"), h("span", { className: "gb-play-where" }, step.passage)))));
    const current = this.trail.querySelector("[aria-current]");
    if (current) this.trail.scrollTop = current.offsetTop - this.trail.clientHeight / 2;
  }
}

/** @param {string} name */
const broken = (name) => h("span", { className: "gb-play-broken", title: "This link leads nowhere: create the passage, or change the link" }, icon("warning"), `no passage “${name}”`);

/** @param {{label: string, kind: string}} choice */
const nameOf = ({ label, kind }) => label || NAMELESS[kind] || `(${kind})`;

export default measured(catchingUp({ render }));
