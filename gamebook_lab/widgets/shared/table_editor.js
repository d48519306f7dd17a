// Edits a cell of the passages table in place: a line for names and tags, a box for the text.
import { button } from "./controls.js";
import { h } from "./dom.js";
import { isMod, shortcut } from "./keys.js";

/**
 * @typedef {object} EditorHooks
 * @property {(key: number) => Promise<string>} text fetches the whole text of a passage
 * @property {(key: number, field: string) => string|undefined} rejected what could not be saved last time, to be typed on
 */

/** Makes the class that SlickGrid wants. @param {EditorHooks} hooks */
export function editorClass(hooks) {
  return class CellEditor {
    constructor(args) {
      this.args = args;
      this.field = args.column.id;
      this.isText = this.field === "text";
      this.box = this.isText ? this.makeBox() : this.makeLine();
    }

    makeLine() {
      const input = h("input.gb-table-input", { type: "text", "aria-label": this.args.column.name, spellcheck: false });
      this.args.container.append(input);
      return input;
    }

    /** Over the cell, and large enough to write in. */
    makeBox() {
      const area = h("textarea", { disabled: true, value: "Loading …", "aria-label": "Text", spellcheck: true });
      area.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && isMod(event)) this.args.commitChanges();
        else if (event.key === "Escape") this.args.cancelChanges();
        else {
          event.stopPropagation(); // arrows, Tab and Enter are the text's
          return;
        }
        event.preventDefault();
        event.stopPropagation();
      });
      const save = button({ label: `Save (${shortcut("Enter")})`, className: "gb-primary", onclick: () => this.args.commitChanges() });
      const cancel = button({ label: "Cancel (Esc)", className: "gb-outlined", onclick: () => this.args.cancelChanges() });
      this.pop = h("div.gb-table-pop", {}, area, h("div", {}, cancel, save));
      const root = this.args.grid.getContainerNode();
      const [frame, cell] = [root.getBoundingClientRect(), this.args.container.getBoundingClientRect()];
      root.append(this.pop);
      const width = Math.min(560, frame.width - 16);
      this.pop.style.width = `${width}px`;
      this.pop.style.left = `${Math.max(8, Math.min(cell.left - frame.left, frame.width - width - 8))}px`;
      this.pop.style.top = `${Math.max(4, Math.min(cell.top - frame.top, frame.height - this.pop.offsetHeight - 4))}px`;
      return area;
    }

    loadValue(item) {
      this.item = item;
      this.key = item.key;
      this.was = item[this.args.column.field] ?? "";
      const again = hooks.rejected(item.key, this.field);
      if (!this.isText) {
        this.box.value = again ?? this.was;
        this.box.select();
        return;
      }
      this.was = undefined;
      hooks.text(item.key).then((text) => {
        this.was = text;
        this.box.disabled = false;
        this.box.value = again ?? text;
        this.box.focus();
        this.box.setSelectionRange(0, 0);
        this.box.scrollTop = 0;
      });
    }

    focus() {
      this.box.focus();
    }

    serializeValue() {
      return this.box.value;
    }

    isValueChanged() {
      return this.was !== undefined && this.box.value !== this.was;
    }

    validate() {
      return { valid: true, msg: null };
    }

    /** The passage that is typed in: other rows may have come meanwhile, and there is another where it was. */
    itemOf(shown) {
      return shown?.key === this.key ? shown : this.item;
    }

    /** Shown at once; the session's answer follows. */
    applyValue(shown, value) {
      if (!this.isText) this.itemOf(shown)[this.args.column.field] = value;
    }

    destroy() {
      (this.pop ?? this.box).remove();
    }
  };
}
