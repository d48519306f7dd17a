// Python counts code points, JavaScript UTF-16 units: the one place that converts between them.

/** Converts offsets in one text. Without astral characters (most texts) it costs nothing. */
export class Offsets {
  /** @param {string} text */
  constructor(text) {
    /** Unit offsets of the characters that take two units. @type {number[]} */
    this.pairs = [];
    if (!/[\ud800-\udbff]/.test(text)) return;
    for (let unit = 0; unit < text.length - 1; unit++) {
      if (isPair(text, unit)) this.pairs.push(unit++);
    }
  }

  /** Code points before a unit offset. @param {number} unit @returns {number} */
  points(unit) {
    return unit - countBelow(this.pairs, (pair) => pair < unit);
  }

  /** Unit offset after this many code points. @param {number} point @returns {number} */
  units(point) {
    return point + countBelow(this.pairs, (pair, index) => pair - index < point);
  }
}

/** @param {string} text @param {number} unit */
function isPair(text, unit) {
  const high = text.charCodeAt(unit);
  const low = text.charCodeAt(unit + 1);
  return high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000;
}

/**
 * How many of the sorted items fulfil a condition that holds for a prefix of them.
 * @param {number[]} items @param {(item: number, index: number) => boolean} holds
 */
function countBelow(items, holds) {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle], middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
