// Paints the map on a canvas, in screen pixels: links below, boxes, then marks and names as far as there is room.
import { MARKERS, tagColor } from "./map_colors.js";
import { paintGroupNames, paintGroups } from "./map_groups.js";

const NAME_FROM = 46; // pixels of box width from which names are written inside
const MARK_FROM = 15;
const FULL_FROM = 9;
const MAX_LANDMARKS = 60;
const LABEL = 12; // pixels of font size of names below boxes
const LABEL_HEIGHT = 19;
const BEYOND = 18;
const REACH = 90; // pixels to each side of a label in which boxes are looked for
const PATHS = Object.fromEntries(
  Object.entries(MARKERS).map(([name, { d, glyph }]) => [name, { d: new Path2D(d), glyph: glyph && new Path2D(glyph) }]),
);

/**
 * @typedef {object} View where the screen is on the map: screen = map * k + offset
 * @property {number} k @property {number} x @property {number} y @property {number} width @property {number} height
 */

export class Painter {
  /**
   * @param {import("./map_model.js").MapModel} model
   * @param {() => import("./map_theme.js").Theme} theme
   */
  constructor(model, theme) {
    this.model = model;
    this.theme = theme;
    /** @type {import("./map_colors.js").Scheme|null} */ this.scheme = null;
    /** @type {Set<number>|null} slots that the search found; others are dimmed */ this.matches = null;
    this.showsCode = true;
    this.showsGroups = false;
  }

  /** @param {number} slot */
  isShown(slot) {
    return this.showsCode || this.model.kinds[slot] === "story";
  }

  /**
   * All that can be seen, but for the slots in `without`.
   * @param {CanvasRenderingContext2D} ctx @param {View} view @param {Set<number>} [without]
   */
  paint(ctx, view, without = new Set()) {
    const margin = 40;
    const [x0, y0] = [(-view.x - margin) / view.k, (-view.y - margin) / view.k];
    const [x1, y1] = [(view.width - view.x + margin) / view.k, (view.height - view.y + margin) / view.k];
    const slots = this.model.within(x0, y0, x1, y1).filter((slot) => this.isShown(slot) && !without.has(slot));
    /** How many boxes there were to be painted. */ this.painted = slots.length;
    const color = this.showsGroups ? tagColor(this.model) : null;
    if (color) paintGroups(ctx, view, this.model, color);
    this.links(ctx, view, this.model.edges, (s, t) => !without.has(s) && !without.has(t), [x0, y0, x1, y1]);
    this.boxes(ctx, view, slots);
    this.landmarks(ctx, view, slots);
    if (color) paintGroupNames(ctx, view, this.model, this.theme(), color);
  }

  /** Just some boxes, with all their links. */
  paintOnly(ctx, view, only) {
    this.links(ctx, view, this.model.edgesOf(only));
    this.boxes(ctx, view, [...only].filter((slot) => this.isShown(slot)));
  }

  // ---- links

  /** @param {ArrayLike<number>} edges source and target slots in turn */
  links(ctx, view, edges, wanted = (_source, _target) => true, area = null) {
    const theme = this.theme();
    const { x, y, w, h } = this.model;
    const lines = new Path2D();
    const heads = new Path2D();
    const withHeads = view.k > 0.12;
    for (let i = 0; i < edges.length; i += 2) {
      const [s, t] = [edges[i], edges[i + 1]];
      if (area) {
        if (Math.min(x[s], x[t]) > area[2] || Math.max(x[s] + w[s], x[t] + w[t]) < area[0]) continue;
        if (Math.min(y[s], y[t]) > area[3] || Math.max(y[s] + h[s], y[t] + h[t]) < area[1]) continue;
      }
      if (!wanted(s, t) || !this.isShown(s) || !this.isShown(t)) continue;
      this.arrow(lines, withHeads ? heads : null, view, s, t);
    }
    const dimmed = this.matches ? 0.35 : 1;
    ctx.lineWidth = Math.max(0.6, Math.min(1.5, view.k * 1.8));
    ctx.strokeStyle = ctx.fillStyle = theme.link;
    ctx.globalAlpha = (withHeads ? 0.7 : 0.35) * dimmed;
    ctx.stroke(lines);
    ctx.globalAlpha = 0.9 * dimmed;
    ctx.fill(heads);
    ctx.globalAlpha = 1;
  }

  /** Adds the arrow from one box to another to paths. */
  arrow(lines, heads, view, s, t) {
    const { x, y, w, h } = this.model;
    const { k } = view;
    if (s === t) {
      const [right, top, r] = [(x[s] + w[s]) * k + view.x, y[s] * k + view.y, 11 * k];
      lines.moveTo(right - r, top);
      lines.arc(right, top, r, Math.PI, Math.PI / 2);
      if (heads) head(heads, right, top + r, -1, 0.35, k);
      return;
    }
    const [ax, ay] = [x[s] + w[s] / 2, y[s] + h[s] / 2];
    const [bx, by] = [x[t] + w[t] / 2, y[t] + h[t] / 2];
    const length = Math.hypot(bx - ax, by - ay) || 1;
    const [dx, dy] = [(bx - ax) / length, (by - ay) / length];
    // A little to the side, so that links there and back do not cover each other.
    const [sx, sy] = [-dy * 5, dx * 5];
    const from = toBorder(dx, dy, w[s] / 2, h[s] / 2);
    const to = length - toBorder(dx, dy, w[t] / 2, h[t] / 2);
    if (to <= from) return;
    const [ex, ey] = [(ax + dx * to + sx) * k + view.x, (ay + dy * to + sy) * k + view.y];
    lines.moveTo((ax + dx * from + sx) * k + view.x, (ay + dy * from + sy) * k + view.y);
    lines.lineTo(ex, ey);
    if (heads) head(heads, ex, ey, dx, dy, k);
  }

  /** The links of one passage, brought out: those from it drawn through, those to it dashed. */
  highlight(ctx, view, slot) {
    const theme = this.theme();
    const { out, into } = this.model.neighbours(slot);
    ctx.strokeStyle = ctx.fillStyle = theme.accent;
    ctx.lineWidth = 2;
    for (const [slots, dash, arrow] of [
      [out, [], (lines, heads, other) => this.arrow(lines, heads, view, slot, other)],
      [into, [5, 4], (lines, heads, other) => this.arrow(lines, heads, view, other, slot)],
    ]) {
      const [lines, heads] = [new Path2D(), new Path2D()];
      for (const other of slots) if (this.isShown(other)) arrow(lines, heads, other);
      ctx.setLineDash(dash);
      ctx.stroke(lines);
      ctx.setLineDash([]);
      ctx.fill(heads);
    }
  }

  /** A frame around a box: the selected, the hovered. */
  frame(ctx, view, slot, color, width, gap = 2) {
    const [x, y, w, h] = this.rectangle(view, slot);
    ctx.strokeStyle = color;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.roundRect(x - gap, y - gap, w + 2 * gap, h + 2 * gap, this.radius(view) + gap);
    ctx.stroke();
  }

  // ---- boxes

  rectangle(view, slot) {
    const { x, y, w, h } = this.model;
    return [x[slot] * view.k + view.x, y[slot] * view.k + view.y, w[slot] * view.k, h[slot] * view.k];
  }

  radius(view) {
    return Math.min(6, 8 * view.k);
  }

  boxes(ctx, view, slots) {
    const dim = (slot) => (this.matches && !this.matches.has(slot) ? 0.25 : 1);
    const isDust = slots.length && this.rectangle(view, slots[0])[2] < FULL_FROM;
    // Where boxes are dots, those that mean something come on top.
    const order = isDust && this.scheme?.mode === "problem" ? slots.filter((s) => !this.scheme.of(s)).concat(slots.filter((s) => this.scheme.of(s))) : slots;
    for (const slot of order) {
      ctx.globalAlpha = dim(slot);
      this.box(ctx, view, slot);
    }
    ctx.globalAlpha = 1;
  }

  box(ctx, view, slot) {
    const theme = this.theme();
    const [x, y, w, h] = this.rectangle(view, slot);
    const meaning = this.scheme?.of(slot) ?? null;
    const isCode = this.model.kinds[slot] !== "story";
    if (w < FULL_FROM) {
      ctx.fillStyle = meaning?.color ?? (isCode ? theme.code : theme.dust);
      const least = meaning?.marker ? 4.5 : 1.5;
      const [width, height] = [Math.max(w, least), Math.max(h, least)];
      ctx.fillRect(x + (w - width) / 2, y + (h - height) / 2, width, height);
      return;
    }
    const alpha = ctx.globalAlpha;
    ctx.beginPath();
    ctx.roundRect(x, y, w, h, this.radius(view));
    ctx.fillStyle = isCode ? theme.codeBox : theme.box;
    ctx.fill();
    if (meaning) {
      ctx.globalAlpha = alpha * (w < NAME_FROM ? 0.55 : 0.2);
      ctx.fillStyle = meaning.color;
      ctx.fill();
      ctx.globalAlpha = alpha;
    }
    ctx.lineWidth = meaning ? 2 : 1;
    ctx.strokeStyle = meaning?.color ?? theme.border;
    if (isCode) ctx.setLineDash([4, 3]);
    ctx.stroke();
    if (isCode) ctx.setLineDash([]);
    if (this.model.broken[slot].length) this.stubs(ctx, slot, x, y, w, h);
    if (w >= NAME_FROM) this.name(ctx, slot, x, y, w, h, isCode);
    if (w >= MARK_FROM) this.marks(ctx, slot, x, y, w, h, meaning);
  }

  /** Links that lead nowhere: short red lines that end in a cross. */
  stubs(ctx, slot, x, y, w, h) {
    const theme = this.theme();
    const n = Math.min(3, this.model.broken[slot].length);
    const length = Math.min(16, Math.max(4, w * 0.16));
    const arm = Math.min(4, length / 3);
    ctx.strokeStyle = theme.error;
    ctx.lineWidth = Math.min(2.2, Math.max(1.2, w / 30));
    ctx.beginPath();
    for (let i = 0; i < n; i++) {
      const at = x + (w * (i + 1)) / (n + 1);
      const end = y + h + length;
      ctx.moveTo(at, y + h);
      ctx.lineTo(at, end - arm);
      ctx.moveTo(at - arm, end - arm);
      ctx.lineTo(at + arm, end + arm);
      ctx.moveTo(at + arm, end - arm);
      ctx.lineTo(at - arm, end + arm);
    }
    ctx.stroke();
  }

  name(ctx, slot, x, y, w, h, isCode) {
    const theme = this.theme();
    const size = Math.max(11, Math.min(15, w * 0.125));
    const marked = w >= 64 ? Math.min(15, w * 0.13) + 6 : 4; // the row of marks at the foot
    const leading = size * 1.2;
    const room = Math.max(1, Math.floor((h - marked - 5) / leading));
    const lines = theme.labels.lines(this.model.names[slot], w - 10, size, Math.min(room, 5));
    ctx.font = `${isCode ? "italic " : ""}${size}px ${theme.family}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    ctx.fillStyle = isCode ? theme.soft : theme.ink;
    lines.forEach((line, i) => ctx.fillText(line, x + 6, y + 4 + size + i * leading));
  }

  marks(ctx, slot, x, y, w, h, meaning) {
    const theme = this.theme();
    const size = w < 64 ? Math.min(w * 0.42, 13) : Math.min(16, w * 0.14);
    const isStart = this.model.keys[slot] === this.model.start;
    const atFoot = y + h - size / 2 - 5;
    const middle = w < NAME_FROM;
    if (isStart) {
      const [sx, sy] = middle ? [x + w / 2, y - size * 0.2] : [x + size / 2 + 5, atFoot];
      mark(ctx, "start", sx, sy, Math.max(size, 9), theme.start, "#fff");
      if (w >= 64) this.caption(ctx, "Start", x + size + 10, atFoot);
    } else if (w >= 90 && this.model.kinds[slot] !== "story") {
      this.caption(ctx, this.model.kinds[slot], x + 6, atFoot);
    }
    if (!meaning) return;
    if (meaning.marker) {
      const [mx, my] = middle ? [x + w / 2, y + h / 2] : [x + w - size / 2 - 5, atFoot];
      mark(ctx, meaning.marker, mx, my, size, meaning.color, "#fff", theme.box);
    } else if (w >= 24) {
      ctx.font = `${Math.max(11, Math.min(13, size))}px ${theme.family}`;
      ctx.textAlign = middle ? "center" : "right";
      ctx.textBaseline = "middle";
      ctx.fillStyle = theme.ink;
      ctx.fillText(meaning.label, middle ? x + w / 2 : x + w - 6, middle ? y + h / 2 : atFoot);
    }
  }

  caption(ctx, text, x, y) {
    const theme = this.theme();
    ctx.font = `11px ${theme.family}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillStyle = theme.soft;
    ctx.fillText(text, x, y + 0.5);
  }

  // ---- names when boxes are too small for them

  landmarks(ctx, view, slots) {
    const typical = slots.length ? this.rectangle(view, slots[0])[2] : NAME_FROM;
    if (typical >= NAME_FROM) return;
    const seen = new Set(slots);
    const wanted = this.matches?.size ? [...this.matches].slice(0, 400) : this.model.landmarks;
    const placed = [];
    const [x0, , x1] = this.model.bounds(this.model.keys.keys());
    /** Labels do not reach far beyond the boxes, lest the screen's border cut them. */
    this.edges = [x0 * view.k + view.x - BEYOND, x1 * view.k + view.x + BEYOND];
    for (const slot of wanted) {
      if (placed.length >= MAX_LANDMARKS) break;
      if (seen.has(slot)) this.landmark(ctx, view, slot, placed);
    }
  }

  /** Top of a label and how wide it may be: below the box, or above it if there is more room. */
  freePlace(view, slot, placed) {
    const [x, y, w, h] = this.rectangle(view, slot);
    const rooms = this.rooms(view.k, slot);
    const places = [y + h + 2, y - LABEL_HEIGHT - 2].map((top, i) => [top, this.freeWidth(placed, x + w / 2, top, rooms[i])]);
    const enough = (this.theme().labels.width(this.model.names[slot]) + 1) * LABEL;
    return places[0][1] >= Math.min(enough, places[1][1]) ? places[0] : places[1];
  }

  /** How wide a label around `middle` may be before it touches another, a box, or the border. */
  freeWidth(placed, middle, top, room) {
    let half = Math.min(room, middle - this.edges[0], this.edges[1] - middle);
    for (const [px, py, pw, ph] of placed)
      if (top < py + ph && py < top + LABEL_HEIGHT) half = Math.min(half, px > middle ? px - middle : middle - px - pw);
    return 2 * half - 4;
  }

  /** Pixels to each side of a box's middle, below and above it, until there is another box: the same wherever one pans to. */
  rooms(k, slot) {
    const { model, showsCode } = this;
    const { tree, size } = model;
    const isKnown = this.known?.tree === tree && this.known.size === size && this.known.k === k && this.known.showsCode === showsCode;
    if (!isKnown) this.known = { tree, size, k, showsCode, rooms: new Map() };
    const { rooms } = this.known;
    if (!rooms.has(slot)) {
      const [x, y, w, h] = [model.x[slot], model.y[slot], model.w[slot], model.h[slot]];
      rooms.set(slot, [y + h + 2 / k, y - (LABEL_HEIGHT + 2) / k].map((top) => this.room(k, slot, x + w / 2, top)));
    }
    return rooms.get(slot);
  }

  room(k, slot, middle, top) {
    const isOther = (other) => other !== slot && this.isShown(other);
    return this.model.clearance(middle, top, top + LABEL_HEIGHT / k, REACH / k, isOther) * k;
  }

  /** Writes a name below its box, as far as there is room; `plate`: all of it, on a plate of its own. */
  landmark(ctx, view, slot, placed = [], plate = false) {
    const theme = this.theme();
    const [x, y, w, h] = this.rectangle(view, slot);
    const middle = x + w / 2;
    const [top, free] = plate ? [y + h + 5, Infinity] : this.freePlace(view, slot, placed);
    const em = Math.min(14, (free - 8) / LABEL);
    if (em < 3) return;
    const text = theme.labels.elided(this.model.names[slot], em);
    const width = theme.labels.width(text) * LABEL + 10;
    const box = [middle - width / 2, top, width, LABEL_HEIGHT];
    placed.push(box);
    if (plate) {
      ctx.beginPath();
      ctx.roundRect(...box, 4);
      ctx.fillStyle = theme.box;
      ctx.fill();
      ctx.lineWidth = 1.5;
      ctx.strokeStyle = theme.accent;
      ctx.stroke();
    }
    ctx.font = `${LABEL}px ${theme.family}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.lineWidth = 4;
    ctx.strokeStyle = theme.paper;
    if (!plate) ctx.strokeText(text, middle, box[1] + 10);
    ctx.fillStyle = theme.ink;
    ctx.fillText(text, middle, box[1] + 10);
  }
}

/** Distance from a box's centre to its border in a direction. */
function toBorder(dx, dy, halfWidth, halfHeight) {
  return Math.min(dx ? halfWidth / Math.abs(dx) : Infinity, dy ? halfHeight / Math.abs(dy) : Infinity);
}

function head(path, x, y, dx, dy, k) {
  const size = Math.max(4, Math.min(10, 13 * k));
  const [bx, by] = [x - dx * size, y - dy * size];
  path.moveTo(x, y);
  path.lineTo(bx - dy * size * 0.42, by + dx * size * 0.42);
  path.lineTo(bx + dy * size * 0.42, by - dx * size * 0.42);
  path.closePath();
}

/** A marker, `size` pixels large, centred. */
function mark(ctx, name, x, y, size, color, glyphColor, outline = null) {
  const { d, glyph } = PATHS[name];
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(size / 17, size / 17);
  ctx.lineJoin = ctx.lineCap = "round";
  if (outline) {
    ctx.strokeStyle = outline;
    ctx.lineWidth = 3;
    ctx.stroke(d);
  }
  ctx.fillStyle = color;
  ctx.fill(d);
  if (glyph) {
    ctx.strokeStyle = ctx.fillStyle = glyphColor;
    ctx.lineWidth = 2.4;
    ctx.stroke(glyph);
    if (name === "start") ctx.fill(glyph);
  }
  ctx.restore();
}
