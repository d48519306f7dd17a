// The variables tab. What both sides say to each other is in variables_pane.py and facts_pane.py.
import { catchingUp } from "./shared/catching_up.js";
import { button } from "./shared/controls.js";
import { plural } from "./shared/counted.js";
import { h } from "./shared/dom.js";
import { factTable } from "./shared/fact_table.js";
import { keepKeys } from "./shared/keys.js";
import { afterPress } from "./shared/press.js";
import { usesList } from "./shared/uses_list.js";

const COLUMNS = [
  { title: "Name" },
  { title: "Type" },
  { title: "Begins as", hint: "Source of its first value" },
  { title: "Set", isNumber: true, hint: "Places that set it" },
  { title: "Read", isNumber: true, hint: "Places that read it" },
  { title: "In", isNumber: true, hint: "Passages that use it" },
  { title: "Values possible", isLast: true, hint: "Found by exploring; only of variables that something depends on" },
];

function render({ model, el, signal }) {
  const send = (message) => model.send(message);
  const status = h("span", { className: "gb-facts-count", role: "status" });
  const find = h("input.gb-input", { type: "search", placeholder: "Filter", "aria-label": "Filter variables", oninput: () => table.filter(find.value) });
  const uses = usesList({ go: (use) => send({ type: "select", key: use.key, span: [use.start, use.stop] }), close: () => ((rename.hidden = true), find.focus()) });
  const table = factTable({ label: "Variables", columns: COLUMNS, empty: "This story has no variables.", open: (row) => (ask(row.id), send({ type: "uses", name: row.id })) });
  let old = "";
  const name = h("input.gb-input", { "aria-label": "New name", spellcheck: false, onkeydown: (event) => event.key === "Enter" && (event.preventDefault(), go()) });
  const rename = h("div", { className: "gb-many", hidden: true }, h("span", {}, "Rename to"), name, button({ label: "Rename everywhere", className: "gb-outlined", onclick: () => go() }));
  const ask = (variable) => ((old = name.value = variable), (rename.hidden = false));
  const go = () => name.value.trim() && name.value.trim() !== old && (send({ type: "rename", old, new: name.value.trim() }), (rename.hidden = true), (uses.element.hidden = true));
  const root = h("div.gb-root.gb-facts-pane", {}, h("div", { className: "gb-facts-bar" }, find, status), table.element, rename, uses.element);
  keepKeys(root, signal);
  el.append(root);
  const hear = (message) => {
    if (message.type === "facts") (table.set(message.rows), (status.textContent = plural(message.rows.length, "variable")));
    else if (message.type === "uses") uses.show(message);
  };
  model.on("msg:custom", afterPress(root, hear, signal));
  send({ type: "hello" });
}

export default catchingUp({ render });
