// Where a name is used: a list under the text; each row leads there.
import { button } from "./controls.js";
import { plural } from "./counted.js";
import { h } from "./dom.js";
import { visible } from "./visible.js";

/** @typedef {{key: number, name: string, how: string, before: string, what: string, after: string, start: number, stop: number}} Use */

/** @param {{go: (use: Use) => void, close: () => void}} hooks */
export function usesList({ go, close }) {
  const title = h("strong", { role: "status" });
  const rows = h("div", { className: "gb-uses-rows" });
  const hide = () => ((element.hidden = true), close());
  const element = h(
    "section",
    { className: "gb-uses", hidden: true, "aria-label": "Uses", onkeydown: (event) => event.key === "Escape" && (event.preventDefault(), hide()) },
    h("header", {}, title, button({ icon: "close", title: "Close (Esc)", onclick: hide })),
    rows,
  );
  return {
    element,
    /** @param {{kind: string, name: string, n: number, rows: Use[]}} message */
    show({ kind, name, n, rows: uses }) {
      title.textContent = visible(`${plural(n, "use")} of ${kind} ${name}`);
      const made = uses.map((use) =>
        h("button", { type: "button", className: "gb-use", onclick: () => go(use) }, h("span.gb-use-name", {}, use.name), h("span.gb-use-how", {}, use.how), h("span.gb-use-text", {}, use.before, h("mark", {}, use.what), use.after)),
      );
      const more = n > uses.length ? h("div", { className: "gb-more" }, `and ${n - uses.length} more`) : null;
      rows.replaceChildren(...made, ...(more ? [more] : []));
      element.hidden = false;
      (made[0] ?? element.querySelector("button")).focus();
    },
  };
}
