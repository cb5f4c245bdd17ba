/**
 * From pointer events to the bench: paint, move the cross, window and level, shift, slices, zoom, pinch. One pointer
 * holds the picture at a time. A second finger takes back what the first one began and zooms and shifts with it; what
 * is left of the fingers then does nothing until all are lifted.
 */
import type { Vec3 } from "@/labels";
import type { Sample } from "@/tools";
import { NORMAL, type Tile, tileAt, type Viewer } from "@/viewer";
import type { Bench } from "../bench";

/** What a drag does. */
type Drag =
  | { readonly kind: "tool"; readonly tile: Tile; moved: boolean }
  | { readonly kind: "close" }
  | { readonly kind: "cross"; readonly tile: Tile; readonly from: Vec3 }
  | {
      readonly kind: "window";
      readonly x: number;
      readonly y: number;
      readonly from: readonly [number, number];
    }
  | { readonly kind: "shift"; readonly tile: Tile; last: Vec3 };

interface Point {
  readonly x: number;
  readonly y: number;
}

const WHEEL_STEP = 60;
const WINDOW_PIXELS = 300;
const CORNER_PIXELS = 4;
/** A click this near to the first corner of a polygon closes it. */
const CLOSING_PIXELS = { finger: 18, other: 7 };
/** Fewer corners enclose nothing. */
const FEWEST_CORNERS = 3;
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
  /** The fingers that are down, the first first. Those of a hand that draws with a pen are not among them. */
  readonly #touches = new Map<number, Point>();
  #drag: Drag | null = null;
  /** The pointer of the drag. */
  #holder = -1;
  #wheel = 0;
  #down: Point = { x: 0, y: 0 };

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

  #place(event: MouseEvent): Point {
    const box = this.#element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #tileUnder({ x, y }: Point): Tile | null {
    return tileAt(this.#viewer.tiles(), x, y);
  }

  #press(event: PointerEvent): void {
    const place = this.#place(event);
    const tile = this.#tileUnder(place);
    const press = { end: () => this.#release(event), takeBack: () => this.#takeBack() };
    this.#bench.hand.endEarlier(event.pointerId);
    if (event.pointerType === "pen") this.#touches.clear();
    if (event.pointerType === "touch" && !this.#touch(event, place)) return;
    if (!tile || !this.#bench.hand.take(event, press)) return;
    this.#holder = event.pointerId;
    this.#element.focus({ preventScroll: true });
    event.preventDefault();
    capture(this.#element, event.pointerId);
    this.#bench.choosePane(this.#pane);
    this.#bench.view.patch({ plane: tile.plane });
    this.#down = place;
    if (event.button === 0 || event.button === PEN_ERASER) this.#pressMain(event, tile);
    if (event.button === 1) this.#drag = { kind: "shift", tile, last: tile.toVoxel(place.x, place.y) };
    if (event.button === 2) this.#drag = { kind: "window", ...place, from: this.#bench.window };
  }

  /** Count a finger. Returns false for one that only helps to zoom, or belongs to a hand with a pen. */
  #touch(event: PointerEvent, place: Point): boolean {
    if (this.#bench.hand.isPen) return false;
    this.#touches.set(event.pointerId, place);
    if (this.#touches.size === 1) return true;
    event.preventDefault();
    capture(this.#element, event.pointerId);
    this.#takeBack();
    return false;
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
      if (this.#closes(event, tile)) this.#drag = { kind: "close" };
      else if (bench.corner(sample, tile.plane)) this.#drag = { kind: "tool", tile, moved: false };
      return;
    }
    if (bench.begin(sample, tile.plane, { erase: erases(event) })) {
      this.#drag = { kind: "tool", tile, moved: false };
      return;
    }
    if (bench.settings.get().tool === "navigate") this.#beginCross(tile, sample.position);
  }

  /** True for a press on the first corner of the open polygon. */
  #closes(event: PointerEvent, tile: Tile): boolean {
    const line = this.#bench.outline.get();
    const [first] = line?.points ?? [];
    if (!line || !first || line.plane !== tile.plane || line.points.length < FEWEST_CORNERS) return false;
    const [x, y] = tile.toScreen(first);
    const place = this.#place(event);
    const near = event.pointerType === "touch" ? CLOSING_PIXELS.finger : CLOSING_PIXELS.other;
    return Math.hypot(place.x - x, place.y - y) <= near;
  }

  #beginCross(tile: Tile, position: Vec3): void {
    this.#drag = { kind: "cross", tile, from: this.#bench.view.get().position };
    this.#bench.goTo(position);
  }

  #sample(event: PointerEvent, tile: Tile): Sample {
    const { x, y } = this.#place(event);
    const pressure = event.pointerType === "pen" ? event.pressure : 1;
    return { position: tile.toVoxel(x, y), axis: NORMAL[tile.plane], pressure };
  }

  #moved(event: PointerEvent): void {
    const place = this.#place(event);
    this.#bench.hand.notice(event);
    if (event.pointerType === "touch" && !this.#drag) {
      if (this.#touches.has(event.pointerId)) this.#pinch(event.pointerId, place);
      return;
    }
    if (this.#drag && event.pointerId !== this.#holder) return;
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
    if (drag.kind === "close") return;
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
    if (this.#bench.outline.get() && !drag.moved && !far) return;
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
    const drag = this.#letGo(event.pointerId);
    if (drag?.kind === "window") this.#bench.setWindow(this.#bench.window, "exact");
    if (drag?.kind === "close") void this.#bench.closePolygon();
    if (drag?.kind === "tool") void this.#bench.lift(drag);
  }

  /** A pointer that the system took away, as for a palm, did not mean what it began. */
  #giveUp(event: PointerEvent): void {
    this.#touches.delete(event.pointerId);
    if (event.pointerId === this.#holder) this.#takeBack();
  }

  /** End the drag of this pointer and return it. */
  #letGo(pointer: number): Drag | null {
    if (pointer !== this.#holder) return null;
    const drag = this.#drag;
    this.#drag = null;
    this.#holder = -1;
    this.#bench.hand.release(pointer);
    return drag;
  }

  /** Take back what the press that is held began. */
  #takeBack(): void {
    const drag = this.#letGo(this.#holder);
    if (drag?.kind === "tool") this.#bench.takeBack();
    if (drag?.kind === "cross") this.#bench.goTo(drag.from);
    if (drag?.kind === "window") this.#bench.setWindow(drag.from, "exact");
  }

  /** Zoom and shift with the first two fingers; one alone that is left over does nothing. */
  #pinch(id: number, place: Point): void {
    const before = [...this.#touches.values()];
    this.#touches.set(id, place);
    const after = [...this.#touches.values()];
    if (after.length < 2 || this.#bench.hand.isBusy) return;
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
    if (!tile || this.#bench.hand.isBusy) return;
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

  /**
   * Stop listening. A stroke in progress is kept, as when the graphics card gives up under it; a line is given up. A
   * polygon stays open for the pane that comes next.
   */
  close(): void {
    this.#abort.abort();
    if (this.#letGo(this.#holder)?.kind === "tool") this.#bench.settle();
  }
}

function erases({ shiftKey, buttons }: PointerEvent): boolean {
  return shiftKey || (buttons & PEN_ERASER_DOWN) !== 0;
}

/** Right drag: to the right a wider window, upwards a brighter picture. */
function windowAt(
  { x, y, from: [low, high] }: { x: number; y: number; from: readonly [number, number] },
  to: Point,
): readonly [number, number] {
  const width = Math.max(1e-6, (high - low) * Math.exp((to.x - x) / WINDOW_PIXELS));
  const level = (low + high) / 2 + ((to.y - y) / WINDOW_PIXELS) * (high - low);
  return [level - width / 2, level + width / 2];
}

function spread([a, b]: readonly Point[]): { distance: number; middle: Point } {
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
