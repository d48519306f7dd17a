// A box to paste Twee into, whose passages are added to the story.
import { button } from "./controls.js";
import { h } from "./dom.js";
import { isMod } from "./keys.js";

/** @param {{add: (text: string) => void}} hooks */
export function tweeDialog({ add }) {
  const text = h("textarea", { rows: 8, spellcheck: false, placeholder: ":: Name of a passage\nIts text, with [[links]].", "aria-label": "Twee to add" });
  const send = () => text.value.trim() && (add(text.value), (text.value = ""), (element.hidden = true));
  const hide = () => (element.hidden = true);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    else if (event.key === "Enter" && isMod(event)) send();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const file = h("input", { type: "file", accept: ".twee,.tw,.txt", hidden: true, onchange: async () => file.files[0] && ((text.value = await file.files[0].text()), (file.value = ""), text.focus()) });
  const element = h(
    "div",
    { className: "gb-twee", role: "group", "aria-label": "Add passages", hidden: true },
    text,
    h("div", {}, button({ label: "Add passages", className: "gb-primary", onclick: send }), button({ label: "From a file…", title: "Read a Twee file into this box", className: "gb-outlined", onclick: () => file.click() }), file, button({ label: "Cancel", className: "gb-outlined", onclick: hide })),
  );
  return { element, open: () => ((element.hidden = false), text.focus()) };
}
