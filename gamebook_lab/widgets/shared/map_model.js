// What the map knows of the story: rows by slot, kept up to date by the messages of map_messages.py.
import { quadtree } from "d3-quadtree";
import { visible } from "./visible.js";

/**
 * @typedef {object} RowsMessage
 * @property {"rows"} type
 * @property {number|null} base
 * @property {number} revision
 * @property {string[]} names
 * @property {string[][]} tags
 * @property {string[]} kinds
 * @property {string[][]} broken
 * @property {number|null} start
 * @property {number|null} selected
 * @property {number[]} removed
 * @property {Record<string, string>} tag_colors
 */

/** Copies, because a message's buffers need not be aligned. @param {DataView} view */
const aligned = (view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);

/** Numbers by key. @param {DataView[]} buffers */
function coded(buffers) {
  const codes = new Uint8Array(aligned(buffers[1]));
  return new Map(Array.from(new Int32Array(aligned(buffers[0])), (key, i) => [key, codes[i]]));
}

export class MapModel {
  constructor() {
    this.revision = -1;
    this.clear();
    /** Key -> 1 info, 2 warning, 3 error; null: not checked yet. @type {Map<number, number>|null} */
    this.severity = null;
    /** Key -> what exploring says, as verdict_rows.py numbers it. @type {Map<number, number>} */
    this.reach = new Map();
    /** How far exploring is, and how sure. */
    this.reachNote = "exploring the story …";
    /** Who came where, once that is known. @type {{what: string, total: number, read: Map<number, number>}|null} */ this.coverage = null;
  }

  clear() {
    /** @type {number[]} */ this.keys = [];
    /** @type {Map<number, number>} */ this.slots = new Map();
    this.x = []; this.y = []; this.w = []; this.h = [];
    this.names = []; this.tags = []; this.kinds = []; this.broken = [];
    /** @type {Int32Array[]} target keys, -1 where missing */ this.out = [];
    /** Key -> keys of those that lead there, whether it is there or not. @type {Map<number, Set<number>>} */ this.sources = new Map();
    this.start = null;
    this.tagColors = {};
    /** Slots that the last message was about; null: boxes have moved or went. @type {Set<number>|null} */ this.changed = null;
    /** The last message was about links as well. */ this.hasOtherLinks = true;
    this.forget();
  }

  /** Drops what is derived; it is made again when asked for. Where boxes lie is kept unless they moved, and links if they lead where they led. */
  forget(hasMoved = true, hasOtherLinks = true) {
    this._depth = this._landmarks = null;
    if (hasMoved || hasOtherLinks) this._edges = null;
    if (hasMoved) this._tree = null;
  }

  get size() {
    return this.keys.length;
  }

  /**
   * @param {RowsMessage} message
   * @param {DataView[]} buffers
   * @returns {boolean} false if something was missed and everything must be asked for
   */
  apply(message, buffers) {
    if (message.base === null) this.clear();
    else if (message.base !== this.revision) return false;
    this.revision = message.revision;
    const keys = new Int32Array(aligned(buffers[0]));
    const boxes = new Float32Array(aligned(buffers[1]));
    const counts = new Uint32Array(aligned(buffers[2]));
    const edges = new Int32Array(aligned(buffers[3]));
    for (const key of message.removed) this.remove(key);
    let at = 0;
    this.changed = new Set();
    this.hasOtherLinks = false;
    const come = [];
    let hasMoved = message.base === null || message.removed.length > 0;
    keys.forEach((key, i) => {
      let slot = this.slots.get(key);
      const isNew = slot === undefined;
      if (isNew) this.slots.set(key, (slot = this.keys.push(key) - 1));
      if (isNew) come.push(slot);
      this.changed.add(slot);
      const name = visible(message.names[i]);
      const [x, y, w, h] = boxes.subarray(4 * i, 4 * i + 4);
      hasMoved ||= !isNew && (this.x[slot] !== x || this.y[slot] !== y || this.w[slot] !== w || this.h[slot] !== h);
      [this.x[slot], this.y[slot], this.w[slot], this.h[slot]] = [x, y, w, h];
      this.names[slot] = name;
      this.tags[slot] = message.tags[i];
      this.kinds[slot] = message.kinds[i];
      this.broken[slot] = message.broken[i];
      const out = edges.subarray(at, (at += counts[i]));
      if (isNew || String(this.out[slot]) !== String(out)) {
        this.hasOtherLinks = true;
        if (!isNew) this.unlink(key, this.out[slot]);
        this.link(key, out);
      }
      this.out[slot] = out;
    });
    this.start = message.start;
    this.tagColors = message.tag_colors;
    this.forget(hasMoved, this.hasOtherLinks);
    if (hasMoved) this.changed = null;
    else for (const slot of come) this.grow(slot);
    return true;
  }

  /** The last row takes the place of the one removed. @param {number} key */
  remove(key) {
    const slot = this.slots.get(key);
    if (slot === undefined) return;
    this.unlink(key, this.out[slot]);
    const columns = [this.keys, this.x, this.y, this.w, this.h, this.names, this.tags, this.kinds, this.broken, this.out];
    for (const column of columns) {
      const last = column.pop();
      if (slot < column.length) column[slot] = last;
    }
    this.slots.delete(key);
    if (slot < this.keys.length) this.slots.set(this.keys[slot], slot);
  }

  /** @param {number} key @param {Int32Array} targets */
  link(key, targets) {
    for (const target of targets) {
      const found = this.sources.get(target);
      if (found) found.add(key);
      else this.sources.set(target, new Set([key]));
    }
  }

  /** @param {number} key @param {Int32Array} targets */
  unlink(key, targets) {
    for (const target of targets) {
      const found = this.sources.get(target);
      found?.delete(key);
      if (!found?.size) this.sources.delete(target);
    }
  }

  /** @param {DataView[]} buffers @returns {Set<number>|null} slots of what is judged otherwise now; null: all of it */
  setProblems(buffers) {
    const before = this.severity;
    this.severity = coded(buffers);
    return before && this.differing(before, this.severity);
  }

  /** As with problems. @param {string} note @param {DataView[]} buffers */
  setReach(note, buffers) {
    const before = this.reach;
    this.reach = coded(buffers);
    this.reachNote = note;
    return before.size ? this.differing(before, this.reach) : null;
  }

  differing(before, after) {
    return new Set([...this.keys.keys()].filter((slot) => before.get(this.keys[slot]) !== after.get(this.keys[slot])));
  }

  /** @param {{what: string|null, total: number}} message @param {DataView[]} buffers */
  setCoverage({ what, total }, buffers) {
    const counts = new Uint32Array(aligned(buffers[1]));
    const read = new Map(Array.from(new Int32Array(aligned(buffers[0])), (key, i) => [key, counts[i]]));
    this.coverage = what === null ? null : { what, total, read };
  }

  /** @param {number} slot @param {number} x @param {number} y */
  move(slot, x, y) {
    this.x[slot] = x;
    this.y[slot] = y;
    this._tree = null;
  }

  /** Source and target slot of every link that leads somewhere: [s0, t0, s1, t1 ...]. */
  get edges() {
    if (this._edges) return this._edges;
    const found = [];
    this.out.forEach((targets, source) => {
      for (const key of targets) {
        const target = this.slots.get(key);
        if (target !== undefined) found.push(source, target);
      }
    });
    return (this._edges = Int32Array.from(found));
  }

  get linkCount() {
    return this.keys.reduce((sum, key) => sum + (this.sources.get(key)?.size ?? 0), 0);
  }

  /** As `edges`, but just those from or to some slots. @param {Set<number>} slots */
  edgesOf(slots) {
    const found = [];
    for (const slot of slots) {
      const { out, into } = this.neighbours(slot);
      for (const target of out) found.push(slot, target);
      for (const source of into) if (!slots.has(source)) found.push(source, slot);
    }
    return found;
  }

  get brokenCount() {
    return this.broken.reduce((sum, names) => sum + names.length, 0);
  }

  /** Steps from the start by slot; -1 where no link leads. */
  get depth() {
    if (this._depth) return this._depth;
    const depth = new Int32Array(this.size).fill(-1);
    const first = this.slots.get(this.start ?? -1);
    let front = first === undefined ? [] : [first];
    for (const slot of front) depth[slot] = 0;
    for (let step = 1; front.length; step++) {
      const next = [];
      for (const source of front)
        for (const key of this.out[source]) {
          const slot = this.slots.get(key);
          if (slot !== undefined && depth[slot] < 0) {
            depth[slot] = step;
            next.push(slot);
          }
        }
      front = next;
    }
    return (this._depth = depth);
  }

  /** Slots that are worth a label when there is room for few: the start, then those with most links. */
  get landmarks() {
    if (this._landmarks) return this._landmarks;
    const degree = new Float64Array(this.size);
    for (const slot of this.edges) degree[slot]++;
    const first = this.slots.get(this.start ?? -1);
    if (first !== undefined) degree[first] = Infinity;
    const order = Array.from(degree.keys()).filter((slot) => this.kinds[slot] === "story");
    return (this._landmarks = order.sort((a, b) => degree[b] - degree[a] || a - b).slice(0, 400));
  }

  get tree() {
    if (this._tree) return this._tree;
    this.maxW = this.w.reduce((a, b) => Math.max(a, b), 0);
    this.maxH = this.h.reduce((a, b) => Math.max(a, b), 0);
    this._tree = quadtree(this.keys.keys(), (slot) => this.x[slot], (slot) => this.y[slot]);
    return this._tree;
  }

  /** A box has come: where the others lie is known already. @param {number} slot */
  grow(slot) {
    if (!this._tree) return;
    this._tree.add(slot);
    this.maxW = Math.max(this.maxW, this.w[slot]);
    this.maxH = Math.max(this.maxH, this.h[slot]);
  }

  /** How far it is from `middle` to the nearest box between two heights; Infinity if that is further than `reach`. */
  clearance(middle, y0, y1, reach, accept) {
    const tree = this.tree;
    let nearest = reach;
    tree.visit((node, left, top, right, bottom) => {
      if (!node.length)
        for (let leaf = node; leaf; leaf = leaf.next) {
          const slot = leaf.data;
          const [x, y] = [this.x[slot], this.y[slot]];
          if (y > y1 || y + this.h[slot] < y0 || !accept(slot)) continue;
          nearest = Math.min(nearest, x > middle ? x - middle : middle - x - this.w[slot]);
        }
      return left > middle + nearest || top > y1 || right + this.maxW < middle - nearest || bottom + this.maxH < y0;
    });
    return nearest < reach ? nearest : Infinity;
  }

  /** Slots of boxes that touch a rectangle, in the order of the rows. */
  within(x0, y0, x1, y1) {
    const found = [];
    const tree = this.tree;
    tree.visit((node, left, top, right, bottom) => {
      if (!node.length)
        for (let leaf = node; leaf; leaf = leaf.next) {
          const slot = leaf.data;
          const [x, y] = [this.x[slot], this.y[slot]];
          if (x <= x1 && y <= y1 && x + this.w[slot] >= x0 && y + this.h[slot] >= y0) found.push(slot);
        }
      return left > x1 || top > y1 || right + this.maxW < x0 || bottom + this.maxH < y0;
    });
    return found.sort((a, b) => a - b);
  }

  /** The topmost box at a point, or undefined. */
  at(x, y, accept = () => true) {
    return this.within(x, y, x, y).filter(accept).at(-1);
  }

  /** Slots linked with one: where its choices lead, and whose choices lead to it. */
  neighbours(slot) {
    const known = (keys) => keys.map((key) => this.slots.get(key)).filter((other) => other !== undefined);
    const out = known([...this.out[slot]]);
    const into = known([...(this.sources.get(this.keys[slot]) ?? [])]).filter((other) => other !== slot);
    return { out, into: into.sort((a, b) => a - b) };
  }

  /** Bounding box [x0, y0, x1, y1] of some slots, or null without any. */
  bounds(slots) {
    let box = null;
    for (const s of slots) {
      const own = [this.x[s], this.y[s], this.x[s] + this.w[s], this.y[s] + this.h[s]];
      box = box
        ? [Math.min(box[0], own[0]), Math.min(box[1], own[1]), Math.max(box[2], own[2]), Math.max(box[3], own[3])]
        : own;
    }
    return box;
  }
}
