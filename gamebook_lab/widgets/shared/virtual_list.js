// A list of any length: only the rows in sight exist, and they are fetched in pages.
import { h } from "./dom.js";
import { redraw } from "./redraw.js";

const PAGE = 100;
const BEYOND = 6;

/** Rows of one height, fetched when they come into sight. */
export class VirtualList {
  /**
   * @param {{rowHeight: number, fetch: (start: number, stop: number) => void, said: (row: any) => unknown, draw: (row: any) => HTMLElement}} options
   *   `said`: all that can be seen of a row, as JSON has it
   */
  constructor({ rowHeight, fetch, said, draw }) {
    this.rowHeight = rowHeight;
    this.fetch = fetch;
    this.said = said;
    this.draw = draw;
    this.space = h("div", { className: "gb-list-space", role: "list" });
    this.element = h("div", { className: "gb-list", tabIndex: 0 }, this.space);
    this.element.addEventListener("scroll", () => this.paint(), { passive: true });
    this.observer = new ResizeObserver(() => this.paint());
    this.observer.observe(this.element);
    this.n = 0;
    /** @type {Map<number, any>} */
    this.rows = new Map();
    /** @type {Set<number>} */
    this.asked = new Set();
  }

  /** Ask for everything in sight anew; what is shown stays until it comes. */
  refresh() {
    this.asked.clear();
    this.asked.add(0);
    this.fetch(0, PAGE);
    this.ask(...this.range());
  }

  /** Show these rows, of `n` in all. @param {number} n @param {number} start @param {any[]} rows */
  fill(n, start, rows) {
    if (n !== this.n || start === 0) this.rows.clear();
    this.n = n;
    this.space.style.height = `${n * this.rowHeight}px`;
    rows.forEach((row, offset) => this.rows.set(start + offset, row));
    this.paint();
  }

  range() {
    const first = Math.floor(this.element.scrollTop / this.rowHeight) - BEYOND;
    const count = Math.ceil((this.element.clientHeight || 300) / this.rowHeight) + 2 * BEYOND;
    return [Math.max(0, first), Math.min(this.n, first + count)];
  }

  ask(start, stop) {
    for (let page = Math.floor(start / PAGE); page * PAGE < stop; page++) {
      if (this.asked.has(page)) continue;
      this.asked.add(page);
      this.fetch(page * PAGE, (page + 1) * PAGE);
    }
  }

  paint() {
    const [start, stop] = this.range();
    this.ask(start, stop);
    const shown = [];
    for (let index = start; index < stop; index++) if (this.rows.has(index)) shown.push(index);
    const hadFocus = this.space.contains(document.activeElement) ? document.activeElement.closest("[data-index]")?.dataset.index : null;
    const rows = shown.map((index) => this.rows.get(index));
    const elements = redraw(this.space, rows.map(this.said), (_, at) => this.draw(rows[at]));
    elements.forEach((element, at) => {
      element.setAttribute("role", "listitem");
      element.dataset.index = String(shown[at]);
      element.style.top = `${shown[at] * this.rowHeight}px`;
    });
    if (hadFocus && !this.space.contains(document.activeElement)) this.space.querySelector(`[data-index="${hadFocus}"]`)?.focus();
  }

  close() {
    this.observer.disconnect();
  }
}
