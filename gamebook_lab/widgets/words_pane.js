// The words tab. What Python says is in words_pane.py.
import { catchingUp } from "./shared/catching_up.js";
import { count } from "./shared/counted.js";
import { h } from "./shared/dom.js";
import { factTable } from "./shared/fact_table.js";
import { keepKeys } from "./shared/keys.js";
import { afterPress } from "./shared/press.js";

const TAGS = [{ title: "Tag" }, { title: "Passages", isNumber: true }, { title: "Words", isNumber: true }, { title: "Words a passage", isNumber: true }];
const PATHS = [
  { title: "Ending" },
  { title: "How" },
  { title: "Fewest words", isNumber: true, hint: "On the shortest way found, the last passage included" },
  { title: "Expected", isNumber: true, hint: "For a reader who takes all choices alike and stops there; empty where not all ways are known" },
  { title: "Most", isNumber: true, hint: "On the longest way; ∞ where play can go round in circles, so that there is no longest" },
];

const MOST = PATHS.findIndex((column) => column.title === "Most");

/** What is known of the ways to the endings, in words. */
const EXTENT = {
  begun: (n) => (n ? "Exploring the story … The ways found so far:" : "Exploring the story …"),
  whole: () => "",
  part: (n) =>
    `The story is too large to be explored to its end while you write. ${n ? "These are the shortest ways found so far; there may be shorter ones, and more endings." : "No way to an ending was found so far."} In a cell, gb.explore(studio.story, seconds=600) goes on for longer.`,
  none: () => "Not known: this story cannot be explored.",
};

function render({ model, el, signal }) {
  const send = (message) => model.send(message);
  const tags = factTable({ label: "Words by tag", columns: TAGS, empty: "This story has no passages to read.", open: () => {} });
  const paths = factTable({ label: "Words by ending", columns: PATHS, empty: "", open: (row) => row.key !== null && send({ type: "select", key: row.key }) });
  const sum = h("p", { className: "gb-words-sum", role: "status" });
  const note = h("p", { className: "gb-words-note" });
  const circles = h("p", { className: "gb-words-note", hidden: true }, "∞: play can go round in circles on the way, so there is no longest one.");
  const root = h("div.gb-root.gb-facts-pane.gb-words", {}, sum, h("h3", {}, "By tag"), tags.element, h("h3", {}, "On the way to each ending"), note, paths.element, circles);
  keepKeys(root, signal);
  el.append(root);
  const hear = (message) => {
    if (message.type !== "facts") return;
    sum.replaceChildren(h("b", {}, count(message.n_words)), ` words in ${count(message.n_passages)} passages; a typical one has ${count(Math.round(message.median))}, the longest ${count(message.longest)}.`);
    tags.set(message.tags);
    paths.set(message.paths);
    circles.hidden = !message.paths.some((row) => row.cells[MOST] === -1);
    note.hidden = message.extent === "whole";
    note.textContent = EXTENT[message.extent](message.paths.length);
  };
  model.on("msg:custom", afterPress(root, hear, signal));
  send({ type: "hello" });
}

export default catchingUp({ render });
