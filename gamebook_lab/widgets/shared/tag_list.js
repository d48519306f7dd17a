// A passage's tags as chips: type one and press Enter to add, click its cross (or Backspace) to take it off.
import { button } from "./controls.js";
import { h } from "./dom.js";
import { refill } from "./redraw.js";

/** @param {(tags: string[]) => void} onChange */
export function tagList(onChange) {
  /** @type {string[]} */
  let tags = [];
  const chips = h("span", { className: "gb-chips" });
  const input = h("input", {
    className: "gb-tag-input",
    placeholder: "Add tag",
    "aria-label": "Add a tag",
    spellcheck: false,
    onkeydown: (event) => {
      if (event.key === "Enter" || event.key === " " || event.key === ",") {
        event.preventDefault();
        add();
      } else if (event.key === "Backspace" && !input.value && tags.length) change(tags.slice(0, -1));
    },
    onblur: () => add(),
  });

  function add() {
    const names = input.value.split(/[\s,]+/).filter((name) => name && !tags.includes(name));
    input.value = "";
    if (names.length) change([...tags, ...names]);
  }
  function change(now) {
    show(now);
    onChange(now);
  }
  /** @param {string[]} now */
  function show(now) {
    tags = now;
    refill(chips, now, () =>
      now.map((tag) =>
        h(
          "span",
          { className: "gb-chip" },
          h("span", {}, tag),
          button({ icon: "close", title: `Remove the tag ${tag}`, onclick: () => change(tags.filter((other) => other !== tag)) }),
        ),
      ),
    );
  }
  return { element: h("span", { className: "gb-tags" }, chips, input), show };
}
