// The canvas: zoom and pan, a bitmap while moving, and a crisp picture at rest.
import { select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";
import { together } from "./together.js";

const MARGIN = 0.35; // of the screen, on each side, that the bitmap covers beyond it
const SETTLE = 120; // ms without movement until the bitmap is made anew
const REFINE = 500; // the same without an edit, where edits are painted over it
const MANY = 1000; // boxes that take too long to be painted for each edit; so many are dots
const FEW = 300; // of them, that are painted alone

export class Stage {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import("./map_paint.js").Painter} painter
   * @param {{isBackground: (event: Event) => boolean, overlay: (ctx: CanvasRenderingContext2D, view: object) => void}} hooks
   */
  constructor(canvas, painter, hooks) {
    this.canvas = canvas;
    this.ctx = canvas.getContext("2d", { alpha: false });
    this.bitmap = document.createElement("canvas");
    this.painter = painter;
    this.hooks = hooks;
    this.transform = zoomIdentity;
    this.isDue = false;
    /** View that the bitmap shows; null: out of date. */ this.shown = null;
    /** Slots that are painted over the bitmap because they move. */ this.loose = new Set();
    this.zoom = zoom()
      .scaleExtent([0.01, 4])
      .filter((event) => (event.type === "wheel" ? true : !event.button && !event.shiftKey && hooks.isBackground(event)))
      .wheelDelta((event) => -event.deltaY * (event.deltaMode === 1 ? 0.05 : event.deltaMode ? 1 : 0.002) * (event.ctrlKey ? 6 : 1))
      .on("zoom", (event) => {
        this.transform = event.transform;
        this.request();
      });
    select(canvas).call(this.zoom).on("dblclick.zoom", null);
  }

  get view() {
    const { k, x, y } = this.transform;
    return { k, x, y, width: this.width, height: this.height };
  }

  resize(width, height) {
    if (!width || !height) return;
    const ratio = window.devicePixelRatio || 1;
    if (width === this.width && height === this.height && ratio === this.ratio) return;
    Object.assign(this, { width, height, ratio });
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.bitmap.width = Math.round(width * (1 + 2 * MARGIN) * ratio);
    this.bitmap.height = Math.round(height * (1 + 2 * MARGIN) * ratio);
    this.zoom.extent([[0, 0], [width, height]]);
    this.repaint();
    this.frame(); // setting a canvas's size empties it: paint at once, lest it flicker
  }

  /** What the bitmap shows is out of date. */
  repaint() {
    this.shown = null;
    this.request();
  }

  /**
   * A few boxes look otherwise or are new, and the others lie where they lay. Of very many they alone are painted at once, over
   * what they were, with their links if those are others; links, larger marks and labels that are gone stay until nothing has
   * changed for a moment.
   * @param {Set<number>} slots @param {boolean} hasOtherLinks
   */
  touch(slots, hasOtherLinks) {
    if (!this.shown || this.painter.painted < MANY || slots.size > FEW) return this.repaint();
    if (!slots.size) return;
    const ctx = this.bitmap.getContext("2d", { alpha: false });
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.request();
    if (hasOtherLinks) this.painter.paintOnly(ctx, this.shown, slots);
    else this.painter.boxes(ctx, this.shown, [...slots].filter((slot) => this.painter.isShown(slot)));
    clearTimeout(this.refining);
    this.refining = setTimeout(() => this.repaint(), REFINE);
  }

  request() {
    if (this.isDue) return;
    this.isDue = true;
    together(() => this.isDue && this.frame());
  }

  frame() {
    this.isDue = false;
    if (!this.width) return;
    const { transform: now, ctx, ratio } = this;
    if (!this.serves(now)) this.render();
    const { shown } = this;
    const scale = now.k / shown.k;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.fillStyle = this.painter.theme().paper;
    ctx.fillRect(0, 0, this.canvas.width, this.canvas.height);
    const [left, top] = [(now.x - shown.x * scale) * ratio, (now.y - shown.y * scale) * ratio];
    if (scale === 1) ctx.drawImage(this.bitmap, Math.round(left), Math.round(top));
    else ctx.drawImage(this.bitmap, left, top, this.bitmap.width * scale, this.bitmap.height * scale);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (this.loose.size) this.painter.paintOnly(ctx, this.view, this.loose);
    this.hooks.overlay(ctx, this.view);
    clearTimeout(this.settling);
    if (scale !== 1) this.settling = setTimeout(() => this.repaint(), SETTLE);
  }

  /** Whether the bitmap covers the screen well enough to be shown while moving. */
  serves(now) {
    const { shown } = this;
    if (!shown) return false;
    const scale = now.k / shown.k;
    if (scale > 2.2 || scale < 0.6) return false;
    const [left, top] = [now.x - shown.x * scale, now.y - shown.y * scale];
    const covers =
      left <= 0 && top <= 0 && left + shown.width * scale >= this.width && top + shown.height * scale >= this.height;
    return covers || this.holdsAll(shown);
  }

  /** The whole story is on the bitmap: there is nothing to see beyond its borders. */
  holdsAll(shown) {
    return shown.all;
  }

  render() {
    clearTimeout(this.refining);
    const { k, x, y } = this.transform;
    const [width, height] = [this.width * (1 + 2 * MARGIN), this.height * (1 + 2 * MARGIN)];
    const view = { k, x: x + this.width * MARGIN, y: y + this.height * MARGIN, width, height };
    const ctx = this.bitmap.getContext("2d", { alpha: false });
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    ctx.fillStyle = this.painter.theme().paper;
    ctx.fillRect(0, 0, width, height);
    this.painter.paint(ctx, view, this.loose);
    const box = this.painter.model.bounds(this.painter.model.keys.keys());
    const all =
      !box || (box[0] * k + view.x > 20 && box[1] * k + view.y > 20 && box[2] * k + view.x < width - 20 && box[3] * k + view.y < height - 40);
    this.shown = { ...view, all };
  }

  // ---- moving about

  /** Map coordinates of a mouse event. */
  toMap(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return this.transform.invert([event.clientX - left, event.clientY - top]);
  }

  zoomBy(factor) {
    select(this.canvas).call(this.zoom.scaleBy, factor);
  }

  panBy(dx, dy) {
    select(this.canvas).call(this.zoom.translateBy, dx / this.transform.k, dy / this.transform.k);
  }

  /**
   * @param {number[]|null} box [x0, y0, x1, y1] @param {number} [most] largest scale
   * @param {number} [covered] pixels at the left that something lies over; kept free if there is room
   */
  fit(box, most = 1, covered = 0) {
    if (!box || !this.width) return;
    const [x0, y0, x1, y1] = box;
    const margin = 48;
    const k = Math.min(most, (this.width - margin) / (x1 - x0), (this.height - margin) / (y1 - y0));
    this.zoom.scaleExtent([Math.min(0.05, k * 0.8), 4]);
    const aside = (x1 - x0) * k + margin < this.width - covered ? covered / 2 / k : 0;
    this.place(Math.max(k, 0.001), (x0 + x1) / 2 - aside, (y0 + y1) / 2);
  }

  /** Puts a point of the map into the middle of the screen. */
  place(k, x, y) {
    const to = zoomIdentity.translate(this.width / 2, this.height / 2).scale(k).translate(-x, -y);
    select(this.canvas).call(this.zoom.transform, to);
  }

  close() {
    this.isDue = false;
    clearTimeout(this.settling);
    clearTimeout(this.refining);
    select(this.canvas).on(".zoom", null);
  }
}
