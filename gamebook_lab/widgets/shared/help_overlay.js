// Every shortcut on one page; "?" opens it wherever nothing is typed.
import { button } from "./controls.js";
import { h } from "./dom.js";
import { shortcut } from "./keys.js";

const KEYS = () => [
  ["Everywhere", [
    ["?", "This page"], [shortcut("S"), "Save"], [shortcut("Z"), "Undo"], [`${shortcut("Y")}, ${shortcut("Shift+Z")}`, "Redo"],
    [shortcut("K"), "Go to a passage by its name or text"], [shortcut("Shift+F"), "Find and replace in all passages"],
    ["Alt+1 … Alt+9", "Map, table and the other tabs"], ["Alt+0", "To the text"], ["Alt+H", "History of the passage"],
  ]],
  ["Text", [
    ["[[", "Begin a link; names are offered"], ["F12", "Go to what stands at the cursor; create a passage that is not there yet"], [`${shortcut("click")}`, "The same"],
    ["Shift+F12", "Where it is used"], ["F2", "Rename it everywhere: a passage or a variable"], [shortcut("."), "Insert a piece of text"],
    [shortcut("F"), "Find in this passage"], [shortcut("Space"), "Offer names: passages, variables, macros"], [shortcut("Shift+M"), "List this passage's problems"],
  ]],
  ["Map", [
    ["Arrows", "Follow links"], ["Enter", "To the text"], ["Home", "To the start"], ["Shift+arrows", "Move the view"], [shortcut("arrows"), "Move what is selected"],
    ["+  −  0", "Zoom in, out, show all"], ["S", "Zoom to what is selected"], ["/", "Find on the map"], [`Shift+drag, ${shortcut("click")}`, "Select several"],
    [shortcut("A"), "Select all but code"], ["T", "Tag what is selected"], [`${shortcut("C")}, ${shortcut("V")}`, "Copy as Twee, paste Twee"], ["Del", "Delete"], ["G", "Boxes by tag"], ["M", "Minimap"],
  ]],
  ["Table", [
    ["Arrows", "From cell to cell"], ["Enter", "Edit a cell; else to the text"], ["Shift+arrows, Shift+click", "Select a stretch"], [shortcut("click"), "Select one more"],
    [shortcut("A"), "Select all but code"], [shortcut("F"), "Filter"],
  ]],
  ["Play", [["1 … 9", "Take a choice"], ["Backspace", "Step back"]]],
];

/** @returns {{element: HTMLElement, toggle: () => void}} */
export function helpOverlay() {
  let before = null;
  const close = button({ icon: "close", title: "Close (Esc)", onclick: () => toggle() });
  const groups = KEYS().map(([title, keys]) =>
    h("section", {}, h("h3", {}, title), h("dl", {}, ...keys.flatMap(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)]))),
  );
  const element = h(
    "div",
    { className: "gb-help", role: "dialog", "aria-modal": "true", "aria-label": "Keyboard shortcuts", hidden: true, tabIndex: -1 },
    h("header", {}, h("h2", {}, "Keyboard shortcuts"), close),
    h("div", { className: "gb-help-groups" }, ...groups),
  );
  element.addEventListener("keydown", (event) => {
    if (event.key === "Tab") (event.preventDefault(), close.focus()); // there is nothing else to go to
    if (event.key !== "Escape" && event.key !== "?") return;
    event.preventDefault();
    event.stopPropagation();
    toggle();
  });
  function toggle() {
    element.hidden = !element.hidden;
    if (element.hidden) before?.focus();
    else ((before = document.activeElement), close.focus());
  }
  return { element, toggle };
}
