// Boxes around the passages of a tag, and the map in small.

const MARGIN = 22; // of the map
const MOST = 24;

/** Slots by tag, for tags that several passages of the story have. @param {import("./map_model.js").MapModel} model @returns {[string, number[]][]} */
export function tagGroups(model) {
  const groups = new Map();
  model.tags.forEach((tags, slot) => {
    if (model.kinds[slot] !== "story") return;
    for (const tag of tags) {
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(slot);
    }
  });
  return [...groups].filter(([, slots]) => slots.length > 1).sort((a, b) => b[1].length - a[1].length).slice(0, MOST);
}

/** Screen rectangle around each group. @returns {[string, number, number, number, number][]} */
const rectangles = (view, model) =>
  tagGroups(model).map(([tag, slots]) => {
    const [x0, y0, x1, y1] = model.bounds(slots);
    return [tag, (x0 - MARGIN) * view.k + view.x, (y0 - MARGIN) * view.k + view.y, (x1 - x0 + 2 * MARGIN) * view.k, (y1 - y0 + 2 * MARGIN) * view.k];
  });

/**
 * The boxes, to be painted below everything else.
 * @param {CanvasRenderingContext2D} ctx @param {import("./map_paint.js").View} view
 * @param {import("./map_model.js").MapModel} model @param {(tag: string) => string} color
 */
export function paintGroups(ctx, view, model, color) {
  ctx.lineWidth = 1.2;
  for (const [tag, x, y, w, h] of rectangles(view, model)) {
    ctx.beginPath();
    ctx.roundRect(x, y, w, h, 8);
    ctx.fillStyle = ctx.strokeStyle = color(tag);
    ctx.globalAlpha = 0.08;
    ctx.fill();
    ctx.globalAlpha = 0.7;
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

/**
 * Their names, on plates at their feet, to be painted on top.
 * @param {CanvasRenderingContext2D} ctx @param {import("./map_paint.js").View} view
 * @param {import("./map_model.js").MapModel} model @param {import("./map_theme.js").Theme} theme @param {(tag: string) => string} color
 */
export function paintGroupNames(ctx, view, model, theme, color) {
  ctx.font = `600 12px ${theme.family}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.lineWidth = 1.2;
  for (const [tag, x, y, w, h] of rectangles(view, model)) {
    const text = theme.labels.elided(tag, 14);
    const width = ctx.measureText(text).width + 14;
    const left = x + (w - width) / 2;
    ctx.beginPath();
    ctx.roundRect(left, y + h - 9, width, 18, 9);
    ctx.fillStyle = theme.box;
    ctx.fill();
    ctx.strokeStyle = color(tag);
    ctx.stroke();
    ctx.fillStyle = theme.ink;
    ctx.fillText(text, left + 7, y + h + 0.5);
  }
}

/** The whole story in a corner; click or drag to go there. */
export class Minimap {
  /** @param {import("./map_stage.js").Stage} stage @param {import("./map_model.js").MapModel} model @param {() => import("./map_theme.js").Theme} theme */
  constructor(stage, model, theme) {
    Object.assign(this, { stage, model, theme });
    this.canvas = document.createElement("canvas");
    this.canvas.className = "gb-map-mini";
    this.canvas.setAttribute("aria-hidden", "true"); // the map itself says where one is
    this.canvas.hidden = true;
    this.picture = null;
    const go = (event) => {
      if (!event.buttons || !this.scale) return;
      const box = this.canvas.getBoundingClientRect();
      const { k, left, top } = this.scale;
      this.stage.place(this.stage.view.k, (event.clientX - box.left - left) / k, (event.clientY - box.top - top) / k);
    };
    this.canvas.addEventListener("pointerdown", (event) => (this.canvas.setPointerCapture(event.pointerId), go(event)));
    this.canvas.addEventListener("pointermove", go);
  }

  /** What the story looks like has changed. */
  stale() {
    this.picture = null;
  }

  /** @param {(slot: number) => boolean} isShown @param {(slot: number) => string|null} colorOf */
  paint(isShown, colorOf) {
    const { canvas, model } = this;
    if (canvas.hidden || !model.size) return;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (!width) return;
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      this.picture = null;
    }
    const ctx = canvas.getContext("2d");
    const theme = this.theme();
    if (!this.picture) {
      const box = model.bounds(model.keys.keys());
      const k = Math.min((width - 12) / (box[2] - box[0]), (height - 12) / (box[3] - box[1]));
      this.scale = { k, left: (width - (box[0] + box[2]) * k) / 2, top: (height - (box[1] + box[3]) * k) / 2 };
      this.picture = document.createElement("canvas");
      this.picture.width = canvas.width;
      this.picture.height = canvas.height;
      const small = this.picture.getContext("2d");
      small.setTransform(ratio, 0, 0, ratio, 0, 0);
      for (const slot of model.keys.keys()) {
        if (!isShown(slot)) continue;
        small.fillStyle = colorOf(slot) ?? theme.dust;
        small.fillRect(model.x[slot] * k + this.scale.left, model.y[slot] * k + this.scale.top, Math.max(1.5, model.w[slot] * k), Math.max(1.5, model.h[slot] * k));
      }
    }
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    ctx.drawImage(this.picture, 0, 0);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { view } = this.stage;
    const { k, left, top } = this.scale;
    const [x0, y0] = [Math.max(1, (-view.x / view.k) * k + left), Math.max(1, (-view.y / view.k) * k + top)];
    const [x1, y1] = [Math.min(width - 1, ((view.width - view.x) / view.k) * k + left), Math.min(height - 1, ((view.height - view.y) / view.k) * k + top)];
    ctx.strokeStyle = theme.accent;
    ctx.lineWidth = 1.5;
    ctx.strokeRect(x0, y0, Math.max(2, x1 - x0), Math.max(2, y1 - y0));
  }
}
