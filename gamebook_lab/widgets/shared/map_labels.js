// Names in boxes: broken into lines that fit, with an ellipsis where they don't.

const BASE = 12;

export class Labels {
  /** @param {string} family CSS font family */
  constructor(family) {
    this.family = family;
    this.context = document.createElement("canvas").getContext("2d");
    this.context.font = `${BASE}px ${family}`;
    this.widths = new Map();
  }

  /** Width of a text at 1 px of font size. @param {string} text */
  width(text) {
    let width = this.widths.get(text);
    if (width === undefined) {
      if (this.widths.size > 50_000) this.widths.clear();
      this.widths.set(text, (width = this.context.measureText(text).width / BASE));
    }
    return width;
  }

  /**
   * @param {string} name
   * @param {number} room width in pixels
   * @param {number} size font size in pixels
   * @param {number} maxLines
   * @returns {string[]}
   */
  lines(name, room, size, maxLines) {
    const em = room / size;
    const lines = [];
    let line = "";
    for (const piece of pieces(name)) {
      if (this.width(line + piece.trimEnd()) <= em) {
        line += piece;
        continue;
      }
      if (line) lines.push(line);
      line = piece;
      while (this.width(line.trimEnd()) > em && line.length > 1 && lines.length < maxLines) {
        const n = this.fitting(line, em);
        lines.push(line.slice(0, n));
        line = line.slice(n);
      }
      if (lines.length >= maxLines) break;
    }
    if (lines.length < maxLines) lines.push(line);
    else if (line) lines[maxLines - 1] = this.elided(lines[maxLines - 1] + line, em);
    return lines.slice(0, maxLines).map((text) => text.trim());
  }

  /** @param {string} text @param {number} em */
  elided(text, em) {
    if (this.width(text) <= em) return text;
    return `${text.slice(0, this.fitting(text, em - this.width("…")))}…`;
  }

  /** How many characters fit; at least one. */
  fitting(text, em) {
    let [low, high] = [1, text.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.width(text.slice(0, middle)) <= em) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Where a name may be broken: after spaces, hyphens and the like. @param {string} name */
function pieces(name) {
  return name.slice(0, 200).match(/[^\s\-_/:.]*[\s\-_/:.]?/g).filter(Boolean);
}
