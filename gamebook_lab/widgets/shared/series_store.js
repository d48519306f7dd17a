// The rows that a view of the dashboard shows: a history from Python, and a row more each second.

export class SeriesStore {
  constructor() {
    this.clear();
  }

  clear() {
    /** Milliseconds since the epoch. @type {number[]} */ this.times = [];
    /** @type {Record<string, (number | null)[]>} */ this.columns = {};
    this.step = 1000;
  }

  /** @param {{times: number[], columns: Record<string, (number | null)[]>, step_seconds: number}} history */
  replace({ times, columns, step_seconds }) {
    this.times = times;
    this.columns = columns;
    this.step = step_seconds * 1000;
  }

  /** Add a row, and let go of what is older than the window. @returns {boolean} whether it is new */
  add(time, values, windowMs) {
    if (this.times.length && time <= this.times.at(-1)) return false;
    this.times.push(time);
    for (const name of new Set([...Object.keys(this.columns), ...Object.keys(values)])) {
      this.columns[name] ??= new Array(this.times.length - 1).fill(null);
      this.columns[name].push(values[name] ?? null);
    }
    let old = 0;
    while (this.times[old] < time - windowMs) old += 1;
    if (old) {
      this.times.splice(0, old);
      for (const column of Object.values(this.columns)) column.splice(0, old);
    }
    return true;
  }

  /** Newest value of a column that is known and not much older than the newest row; null if there is none. @param {string} name */
  latest(name) {
    const column = this.columns[name] ?? [];
    const oldest = (this.times.at(-1) ?? 0) - Math.max(2.5 * this.step, 5000);
    for (let at = column.length - 1; at >= 0 && this.times[at] >= oldest; at -= 1) if (column[at] !== null) return column[at];
    return null;
  }

  /** The rows with an empty one where nothing was recorded for a while, so that no line is drawn across. */
  withGaps() {
    const longest = Math.max(3 * this.step, 5000);
    const gaps = this.times.flatMap((time, at) => (at && time - this.times[at - 1] > longest ? [at] : []));
    if (!gaps.length) return this;
    const times = [...this.times];
    const columns = Object.fromEntries(Object.entries(this.columns).map(([name, column]) => [name, [...column]]));
    for (const at of gaps.reverse()) {
      times.splice(at, 0, this.times[at - 1] + this.step);
      for (const column of Object.values(columns)) column.splice(at, 0, null);
    }
    return { times, columns };
  }
}
