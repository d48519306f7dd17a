// What can be done to several passages at once; shown while several are selected. What Python does then is in many.py.
import { button } from "./controls.js";
import { plural } from "./counted.js";
import { h } from "./dom.js";
import { download } from "./download.js";

/** @typedef {"tag" | "untag" | "tags" | "replace" | "delete" | "copy" | "save" | "paste"} Act */

/**
 * @param {{send: (act: Act, value?: string, instead?: string) => void, clear: () => void, tell: (text: string) => void}} hooks
 * @returns {{element: HTMLElement, show: (n: number, tags: () => string[]) => void, copied: (message: {twee: string, n: number, is_file: boolean}) => void, tag: () => void}}
 */
export function manyBar({ send, clear, tell }) {
  const known = h("datalist", { id: `gb-tags-${crypto.randomUUID?.() ?? Math.random()}` });
  const tag = h("input.gb-input", {
    placeholder: "Tag",
    "aria-label": "Tag to add to or take from all that are selected",
    list: null,
    spellcheck: false,
    oninput: () => mark(),
    onkeydown: (event) => {
      if (event.key === "Enter") act(event.shiftKey ? "untag" : "tag");
      else if (event.key === "Escape") clear();
      else return;
      event.preventDefault();
    },
  });
  tag.setAttribute("list", known.id);
  const count = h("strong", { role: "status" });
  const add = button({ label: "Add", title: "Add this tag to all of them (Enter)", className: "gb-outlined", onclick: () => act("tag") });
  const take = button({ label: "Remove", title: "Take this tag from all of them (Shift+Enter)", className: "gb-outlined", onclick: () => act("untag") });
  const mark = () => (add.disabled = take.disabled = !tag.value.trim());
  function act(what) {
    const value = tag.value.trim();
    if (value) send(what, value);
    tag.value = "";
    mark();
  }
  mark();
  const field = (label) => h("input.gb-input", { placeholder: label, "aria-label": `${label}, in all that are selected`, spellcheck: false, onkeydown: (event) => event.key === "Enter" ? (event.preventDefault(), swap()) : event.key === "Escape" && (event.preventDefault(), event.stopPropagation(), fold(false)) });
  const [find, instead] = [field("Find"), field("Replace with")];
  const swap = () => find.value && (send("replace", find.value, instead.value), fold(false));
  const fields = h("span", { className: "gb-many-replace", hidden: true }, find, instead, button({ label: "Replace", title: "In the texts of all of them; can be undone", className: "gb-outlined", onclick: swap }));
  const more = button({ label: "Replace…", title: "Find and replace in all of them", className: "gb-outlined", onclick: () => fold(fields.hidden) });
  function fold(isOpen) {
    fields.hidden = !isOpen;
    if (isOpen) find.focus();
    else ((find.value = instead.value = ""), more.focus());
  }
  const element = h(
    "div",
    { className: "gb-many", role: "toolbar", "aria-label": "Selected passages", hidden: true },
    count, tag, known, add, take, more, fields,
    button({ label: "Save…", title: "Save them as a Twee file", className: "gb-outlined", onclick: () => send("save") }),
    button({ label: "Copy as Twee", title: "Copy them as Twee, to paste into another story or file (Ctrl+C)", className: "gb-outlined", onclick: () => send("copy") }),
    button({ icon: "trash", label: "Delete", title: "Delete all of them; can be undone (Del)", className: "gb-outlined", onclick: () => send("delete") }),
    button({ icon: "close", title: "Select just one (Esc)", onclick: () => clear() }),
  );
  return {
    element,
    tag: () => tag.focus(),
    show(n, tags) {
      element.hidden = n < 2;
      if (element.hidden) return;
      count.textContent = plural(n, "passage");
      known.replaceChildren(...tags().map((value) => h("option", { value })));
    },
    async copied({ twee, n, is_file: isFile }) {
      if (isFile) return download("passages.twee", twee, "text/plain;charset=utf-8");
      try {
        await navigator.clipboard.writeText(twee);
        tell(`${plural(n, "passage")} copied as Twee`);
      } catch {
        tell("The browser does not let this page write to the clipboard");
      }
    },
  };
}

/** Ctrl+C, Ctrl+V and Del, where passages are listed or drawn. @param {ClipboardEvent} event @param {(act: Act, value?: string) => void} send */
export function pasted(event, send) {
  if (event.target.closest("input, textarea, [contenteditable='true']")) return;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!/^::/m.test(text)) return;
  event.preventDefault();
  send("paste", text);
}
