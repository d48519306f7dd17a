// The rows of a table that the browser holds: pages fetched as they come into sight, the oldest forgotten.

export const PAGE = 100;
const MOST_PAGES = 60;

/** @typedef {{key: number, name: string, tags: string, kind: string, n_words: number, n_out: number, n_in: number, is_start: boolean, n_problems: number, worst: string, first: string}} Row */

export class Pages {
  /** @param {(start: number, stop: number) => void} fetch asks for rows */
  constructor(fetch) {
    this.fetch = fetch;
    this.n = 0;
    /** @type {Map<number, Row[]>} page number -> rows, least recently seen first */ this.pages = new Map();
    /** Page numbers asked for and not yet here. @type {Set<number>} */ this.asked = new Set();
    /** What was shown until the new rows are here, so that nothing blinks. @type {Map<number, Row[]>} */ this.old = new Map();
  }

  /** Other rows, or the same in another order. @param {number} n @param {boolean} keep whether the old ones may still be shown meanwhile */
  reset(n, keep) {
    this.old = keep ? new Map([...this.old, ...this.pages]) : new Map();
    this.pages = new Map();
    this.asked.clear();
    this.n = n;
  }

  /** @param {number} row @returns {Row|undefined} */
  get(row) {
    const page = Math.floor(row / PAGE);
    return (this.pages.get(page) ?? this.old.get(page))?.[row % PAGE];
  }

  /** Every row that is held. @param {(row: number, item: Row) => void} visit */
  each(visit) {
    for (const [page, rows] of this.pages) rows.forEach((item, at) => visit(page * PAGE + at, item));
  }

  /** Asks for what is missing of a stretch of rows. */
  want(first, last) {
    for (let page = Math.max(0, Math.floor(first / PAGE)); page * PAGE <= Math.min(last, this.n - 1); page++) {
      const rows = this.pages.get(page);
      if (rows) {
        this.pages.delete(page);
        this.pages.set(page, rows);
      } else if (!this.asked.has(page)) {
        this.asked.add(page);
        this.fetch(page * PAGE, Math.min(this.n, (page + 1) * PAGE));
      }
    }
    while (this.pages.size > MOST_PAGES) this.pages.delete(this.pages.keys().next().value);
  }

  /** @param {number} start @param {Row[]} rows */
  put(start, rows) {
    const page = start / PAGE;
    this.asked.delete(page);
    this.old.delete(page);
    this.pages.set(page, rows);
  }

  /** @param {number} row @param {Row} data @returns {boolean} whether that row is held */
  replace(row, data) {
    const held = this.pages.get(Math.floor(row / PAGE));
    if (!held || row % PAGE >= held.length) return false;
    held[row % PAGE] = data;
    return true;
  }
}
