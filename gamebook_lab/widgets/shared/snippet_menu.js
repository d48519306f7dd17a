// A menu of pieces of text to insert; the author's own come first.
import { h } from "./dom.js";
import { menu } from "./menu.js";

/**
 * @param {{all: () => {label: string, text: string, is_own: boolean}[], insert: (text: string) => void, leave: () => void}} hooks
 */
export function snippetMenu({ all, insert, leave }) {
  const items = h("div", { className: "gb-menu-items gb-snippets", role: "menu" });
  const summary = h("summary", { className: "gb-button", title: "Insert a piece of text (Ctrl+.). Your own go into gamebook-lab/snippets.json of your settings folder" }, "Insert");
  const close = () => ((element.open = false), leave());
  const fill = () => {
    items.replaceChildren(
      ...all().map((each) =>
        h("button", { type: "button", role: "menuitem", className: "gb-snippet", title: each.text, onclick: () => (close(), insert(each.text)) }, each.label, h("small", {}, each.text.split("\n")[0])),
      ),
    );
    items.firstChild?.focus();
  };
  const element = menu(summary, items, { isRight: true, fill, leave });
  element.addEventListener("keydown", (event) => {
    const buttons = [...items.children];
    const at = buttons.indexOf(document.activeElement);
    if (event.key === "ArrowDown") buttons[(at + 1) % buttons.length]?.focus();
    else if (event.key === "ArrowUp") buttons[(at - 1 + buttons.length) % buttons.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return { element, open: () => (element.open = true) };
}
