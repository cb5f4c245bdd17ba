/** From pointer events to the bench: paint, move the cross, window and level, shift, slices, zoom, pinch. */
import type { Vec3 } from "@/labels";
import type { Sample } from "@/tools";
import { NORMAL, type Tile, tileAt, type Viewer } from "@/viewer";
import type { Bench } from "../bench";

/** What a drag does. */
type Drag =
  | { readonly kind: "tool"; readonly tile: Tile; moved: boolean }
  | { readonly kind: "cross"; readonly tile: Tile }
  | {
      readonly kind: "window";
      readonly x: number;
      readonly y: number;
      readonly from: readonly [number, number];
    }
  | { readonly kind: "shift"; readonly tile: Tile; last: Vec3 };

const WHEEL_STEP = 60;
const WINDOW_PIXELS = 300;
const CORNER_PIXELS = 4;
/** A pen turned over: its button, and its bit among the buttons that are down. */
const PEN_ERASER = 5;
const PEN_ERASER_DOWN = 32;

/** Listens on one pane; `close` takes all listeners away. */
export class PointerControl {
  readonly #element: HTMLElement;
  readonly #bench: Bench;
  readonly #viewer: Viewer;
  readonly #pane: number;
  readonly #abort = new AbortController();
  readonly #touches = new Map<number, { x: number; y: number }>();
  #drag: Drag | null = null;
  #wheel = 0;
  #down: { x: number; y: number } = { x: 0, y: 0 };

  constructor(element: HTMLElement, { bench, viewer, pane }: { bench: Bench; viewer: Viewer; pane: number }) {
    this.#element = element;
    this.#bench = bench;
    this.#viewer = viewer;
    this.#pane = pane;
    const options = { signal: this.#abort.signal, capture: true };
    element.addEventListener("pointerdown", (event) => this.#press(event), options);
    element.addEventListener("pointermove", (event) => this.#moved(event), options);
    element.addEventListener("pointerup", (event) => this.#release(event), options);
    element.addEventListener("pointercancel", (event) => this.#giveUp(event), options);
    element.addEventListener("pointerleave", () => bench.view.patch({ pointer: null }), options);
    element.addEventListener("dblclick", () => void bench.closePolygon(), options);
    element.addEventListener("contextmenu", (event) => event.preventDefault(), options);
    element.addEventListener("wheel", (event) => this.#turn(event), { ...options, passive: false });
  }

  #place(event: MouseEvent): { x: number; y: number } {
    const box = this.#element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #tileUnder({ x, y }: { x: number; y: number }): Tile | null {
    return tileAt(this.#viewer.tiles(), x, y);
  }

  #press(event: PointerEvent): void {
    const place = this.#place(event);
    const tile = this.#tileUnder(place);
    if (event.pointerType === "touch") this.#touches.set(event.pointerId, place);
    if (!tile) return;
    this.#element.focus({ preventScroll: true });
    event.preventDefault();
    capture(this.#element, event.pointerId);
    this.#bench.choosePane(this.#pane);
    this.#bench.view.patch({ plane: tile.plane });
    if (this.#touches.size === 2) {
      this.#bench.cancel();
      this.#drag = null;
      return;
    }
    this.#down = place;
    if (event.button === 0 || event.button === PEN_ERASER) this.#pressMain(event, tile);
    if (event.button === 1) this.#drag = { kind: "shift", tile, last: tile.toVoxel(place.x, place.y) };
    if (event.button === 2) this.#drag = { kind: "window", ...place, from: this.#bench.window };
  }

  #pressMain(event: PointerEvent, tile: Tile): void {
    const bench = this.#bench;
    const sample = this.#sample(event, tile);
    if (event.altKey) {
      bench.pick(sample.position);
      return;
    }
    if (event.ctrlKey || event.metaKey) {
      this.#beginCross(tile, sample.position);
      return;
    }
    if (bench.polygon) {
      if (bench.polygon !== tile.plane) return;
      bench.corner(sample);
      this.#drag = { kind: "tool", tile, moved: false };
      return;
    }
    if (bench.begin(sample, tile.plane, { erase: erases(event) })) {
      this.#drag = { kind: "tool", tile, moved: false };
      return;
    }
    if (bench.settings.get().tool === "navigate") this.#beginCross(tile, sample.position);
  }

  #beginCross(tile: Tile, position: Vec3): void {
    this.#drag = { kind: "cross", tile };
    this.#bench.goTo(position);
  }

  #sample(event: PointerEvent, tile: Tile): Sample {
    const { x, y } = this.#place(event);
    const pressure = event.pointerType === "pen" ? event.pressure : 1;
    return { position: tile.toVoxel(x, y), axis: NORMAL[tile.plane], pressure };
  }

  #moved(event: PointerEvent): void {
    const place = this.#place(event);
    if (this.#touches.has(event.pointerId) && this.#touches.size === 2) {
      this.#pinch(event.pointerId, place);
      return;
    }
    const tile = this.#tileUnder(place);
    this.#bench.view.patch({
      pointer: tile && {
        plane: tile.plane,
        position: tile.toVoxel(place.x, place.y),
        erases: erases(event),
      },
    });
    if (tile && !this.#drag) this.#bench.view.patch({ plane: tile.plane });
    if (this.#drag) this.#dragTo(this.#drag, event);
  }

  #dragTo(drag: Drag, event: PointerEvent): void {
    const { x, y } = this.#place(event);
    if (drag.kind === "window") {
      this.#bench.setWindow(windowAt(drag, { x, y }), "preview");
      return;
    }
    const position = drag.tile.toVoxel(x, y);
    if (drag.kind === "cross") this.#bench.goTo(position);
    if (drag.kind === "shift") this.#shift(drag, position);
    if (drag.kind === "tool") this.#dragTool(drag, event);
  }

  #dragTool(drag: Drag & { kind: "tool" }, event: PointerEvent): void {
    const { x, y } = this.#place(event);
    // A click that trembles sets a corner; only a real drag draws by hand.
    const far = Math.hypot(x - this.#down.x, y - this.#down.y) > CORNER_PIXELS;
    if (this.#bench.settings.get().tool === "lasso" && !drag.moved && !far) return;
    drag.moved = true;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length > 0 ? events : [event]) this.#bench.move(this.#sample(each, drag.tile));
  }

  #shift(drag: Drag & { kind: "shift" }, position: Vec3): void {
    const { last } = drag;
    drag.last = position;
    this.#bench.shift([position[0] - last[0], position[1] - last[1], position[2] - last[2]]);
  }

  #release(event: PointerEvent): void {
    this.#touches.delete(event.pointerId);
    const drag = this.#drag;
    this.#drag = null;
    if (drag?.kind === "window") this.#bench.setWindow(this.#bench.window, "exact");
    if (drag?.kind !== "tool") return;
    const isCorner = this.#bench.settings.get().tool === "lasso" && !drag.moved;
    if (isCorner) this.#bench.leaveOpen();
    else if (!this.#bench.polygon) void this.#bench.finish();
  }

  /** Give up what is in progress. */
  #cancel(): void {
    this.#drag = null;
    this.#bench.cancel();
  }

  #giveUp(event: PointerEvent): void {
    this.#touches.delete(event.pointerId);
    this.#cancel();
  }

  #pinch(id: number, place: { x: number; y: number }): void {
    const before = [...this.#touches.values()];
    this.#touches.set(id, place);
    const after = [...this.#touches.values()];
    const [a, b] = [spread(before), spread(after)];
    const tile = this.#tileUnder(b.middle);
    if (!tile || a.distance === 0) return;
    this.#bench.zoom(b.distance / a.distance, tile.toVoxel(b.middle.x, b.middle.y));
    const from = tile.toVoxel(a.middle.x, a.middle.y);
    this.#shift({ kind: "shift", tile, last: from }, tile.toVoxel(b.middle.x, b.middle.y));
  }

  #turn(event: WheelEvent): void {
    event.preventDefault();
    const place = this.#place(event);
    const tile = this.#tileUnder(place);
    if (!tile || this.#drag) return;
    const amount = event.deltaY || event.deltaX;
    if (event.ctrlKey || event.metaKey) {
      this.#bench.zoom(Math.exp(-amount / 400), tile.toVoxel(place.x, place.y));
      return;
    }
    this.#wheel += event.deltaMode === WheelEvent.DOM_DELTA_LINE ? amount * (WHEEL_STEP / 3) : amount;
    const steps = Math.trunc(this.#wheel / WHEEL_STEP);
    if (steps === 0) return;
    this.#wheel -= steps * WHEEL_STEP;
    if (event.shiftKey) this.#bench.resize(steps < 0 ? 1 : -1);
    else this.#bench.moveSlices(tile.plane, -steps);
  }

  /** Stop listening. A stroke in progress is kept, as when the graphics card gives up under it; a line is given up. */
  close(): void {
    this.#abort.abort();
    const isStroke = this.#drag?.kind === "tool" && this.#bench.outline.get() === null;
    if (isStroke) void this.#bench.finish();
    else this.#bench.cancel();
    this.#drag = null;
  }
}

function erases({ shiftKey, buttons }: PointerEvent): boolean {
  return shiftKey || (buttons & PEN_ERASER_DOWN) !== 0;
}

/** Right drag: to the right a wider window, upwards a brighter picture. */
function windowAt(
  { x, y, from: [low, high] }: { x: number; y: number; from: readonly [number, number] },
  to: { x: number; y: number },
): readonly [number, number] {
  const width = Math.max(1e-6, (high - low) * Math.exp((to.x - x) / WINDOW_PIXELS));
  const level = (low + high) / 2 + ((to.y - y) / WINDOW_PIXELS) * (high - low);
  return [level - width / 2, level + width / 2];
}

function spread([a, b]: readonly { x: number; y: number }[]): {
  distance: number;
  middle: { x: number; y: number };
} {
  if (!a || !b) return { distance: 0, middle: { x: 0, y: 0 } };
  return { distance: Math.hypot(a.x - b.x, a.y - b.y), middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } };
}

function capture(element: HTMLElement, pointer: number): void {
  try {
    element.setPointerCapture(pointer);
  } catch {
    // A pointer that was lifted meanwhile cannot be captured; the gesture then ends with its release.
  }
}
