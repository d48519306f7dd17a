// The pointer on the map: click, drag passages, mark several with a frame, hover. Panning and zooming are d3-zoom's.

const SLOP = 4; // pixels that a click may move
const GRID = 25; // of the map, for snapping

/**
 * @typedef {object} PointerHooks
 * @property {(slot: number|undefined, event: PointerEvent) => void} click
 * @property {(slot: number) => void} open
 * @property {(slot: number) => Set<number>} dragged which slots move when this one is dragged
 * @property {(slots: Set<number>) => void} dragStart
 * @property {() => void} dragging
 * @property {(slots: Set<number>) => void} dragEnd
 * @property {(slots: number[]) => void} marked with the frame
 * @property {(slot: number|undefined, event: PointerEvent) => void} hover
 * @property {() => boolean} snaps
 */

export class Pointer {
  /** @param {import("./map_stage.js").Stage} stage @param {import("./map_model.js").MapModel} model @param {PointerHooks} hooks */
  constructor(stage, model, hooks) {
    Object.assign(this, { stage, model, hooks });
    this.down = null;
    /** Frame being drawn, in map coordinates: [x0, y0, x1, y1]. */ this.marquee = null;
    const { canvas } = stage;
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.moved(event));
    canvas.addEventListener("pointerup", (event) => this.release(event));
    canvas.addEventListener("pointercancel", () => this.cancel());
    canvas.addEventListener("pointerleave", (event) => hooks.hover(undefined, event));
    canvas.addEventListener("dblclick", (event) => {
      const slot = this.hit(event);
      if (slot !== undefined) hooks.open(slot);
    });
  }

  hit(event) {
    return this.model.at(...this.stage.toMap(event), (slot) => this.stage.painter.isShown(slot));
  }

  press(event) {
    if (event.button || !event.isPrimary) return;
    const slot = this.hit(event);
    this.down = { slot, x: event.clientX, y: event.clientY, at: this.stage.toMap(event), moving: false };
    if (slot !== undefined || event.shiftKey) this.stage.canvas.setPointerCapture(event.pointerId);
  }

  moved(event) {
    const { down } = this;
    if (!down) {
      if (!event.buttons) this.hooks.hover(this.hit(event), event);
      return;
    }
    if (!down.moving) {
      if (Math.hypot(event.clientX - down.x, event.clientY - down.y) < SLOP) return;
      down.moving = true;
      this.hooks.hover(undefined, event);
      if (down.slot !== undefined) this.startDrag();
    }
    const at = this.stage.toMap(event);
    if (down.slots) this.drag(at[0] - down.at[0], at[1] - down.at[1]);
    else if (event.shiftKey || this.marquee) {
      this.marquee = [Math.min(at[0], down.at[0]), Math.min(at[1], down.at[1]), Math.max(at[0], down.at[0]), Math.max(at[1], down.at[1])];
      this.stage.request();
    }
  }

  startDrag() {
    const slots = this.hooks.dragged(this.down.slot);
    this.down.slots = slots;
    this.down.from = new Map([...slots].map((slot) => [this.model.keys[slot], [this.model.x[slot], this.model.y[slot]]]));
    this.hooks.dragStart(slots);
  }

  /** By key, since rows may change places under the pointer when someone else edits the story. */
  drag(dx, dy) {
    const lead = this.down.from.values().next().value;
    if (this.hooks.snaps() && lead) {
      dx = Math.round((lead[0] + dx) / GRID) * GRID - lead[0];
      dy = Math.round((lead[1] + dy) / GRID) * GRID - lead[1];
    }
    for (const [key, [x, y]] of this.down.from) {
      const slot = this.model.slots.get(key);
      if (slot !== undefined) this.model.move(slot, x + dx, y + dy);
    }
    this.hooks.dragging();
  }

  release(event) {
    const { down, marquee } = this;
    this.down = this.marquee = null;
    if (!down) return;
    if (down.slots) this.hooks.dragEnd(new Set([...down.from.keys()].map((key) => this.model.slots.get(key)).filter((slot) => slot !== undefined)));
    else if (marquee) {
      this.hooks.marked(this.model.within(...marquee).filter((slot) => this.stage.painter.isShown(slot)));
      this.stage.request();
    } else if (!down.moving) this.hooks.click(down.slot, event);
  }

  /** Puts everything back, as when Escape is pressed in a drag. */
  cancel() {
    const { down } = this;
    this.down = this.marquee = null;
    if (down?.slots) {
      for (const [key, [x, y]] of down.from) {
        const slot = this.model.slots.get(key);
        if (slot !== undefined) this.model.move(slot, x, y);
      }
      this.hooks.dragEnd(new Set());
    }
    this.stage.request();
  }
}
