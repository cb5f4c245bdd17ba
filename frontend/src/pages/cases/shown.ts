/** One open viewer on a case: loads images and labels, and turns pointer and wheel into positions. Read-only. */
import { readBytes } from "@/api/cases";
import { type Grid, type Vec3, voxelOf } from "@/labels";
import { NORMAL, openViewer, type Picture, tileAt, type Viewer, type Window } from "@/viewer";
import { drawPins } from "@/workbench/pane/pins";
import type { SchemeLabel } from "./schemes";

/** A segmentation to be drawn: where its labels are and how they look. */
export interface Overlay {
  readonly url: string;
  readonly layer: number;
  readonly labels: readonly SchemeLabel[];
}

/** A map to be drawn: whole steps, 0 for nothing, each with a colour. */
export interface Steps {
  readonly url: string;
  readonly colours: ReadonlyMap<number, string>;
  /** Steps below this one are not drawn: a probability is nowhere quite 0. */
  readonly lowest: number;
}

const ANOTHER_GRID = "was drawn on another series' grid, and is not shown on this one.";

/** Shows one image at a time with at most one layer of labels, or one map, over it. */
export class ShownCase {
  readonly #viewer: Viewer;
  readonly #canvas: HTMLCanvasElement;
  readonly #abort = new AbortController();
  readonly #pictures = new Map<string, Picture>();
  #picture: Picture | null = null;
  #position: Vec3 = [0, 0, 0];
  /** Over the picture: a pin, where one was asked for. */
  readonly #overlay = document.createElement("canvas");
  #pin: Vec3 | null = null;

  private constructor(viewer: Viewer, canvas: HTMLCanvasElement) {
    this.#viewer = viewer;
    this.#canvas = canvas;
    const { signal } = this.#abort;
    Object.assign(this.#overlay.style, { position: "absolute", inset: "0", pointerEvents: "none" });
    canvas.after(this.#overlay);
    viewer.onDrawn(() => this.#drawPin());
    canvas.addEventListener("pointerdown", (event) => this.#point(event), { signal });
    canvas.addEventListener("pointermove", (event) => event.buttons === 1 && this.#point(event), { signal });
    canvas.addEventListener("wheel", (event) => this.#scroll(event), { signal, passive: false });
  }

  /** Open a viewer on a canvas; raises an error in plain words where the browser cannot draw. */
  static async open(canvas: HTMLCanvasElement): Promise<ShownCase> {
    return new ShownCase(await openViewer(canvas), canvas);
  }

  /** Show an image; the position stays while the grid does. */
  async showImage(url: string, name: string, window: Window | null): Promise<void> {
    const picture =
      this.#pictures.get(url) ?? (await this.#viewer.decode(await readBytes(url, this.#abort.signal), name));
    if (this.#abort.signal.aborted) return;
    this.#pictures.set(url, picture);
    const isOnNewGrid = this.#picture?.grid.shape.join() !== picture.grid.shape.join();
    this.#picture = picture;
    // The image first: labels are refused as long as an image of another grid is shown.
    this.#viewer.show(picture, window ?? [0, 1]);
    if (isOnNewGrid) {
      this.#viewer.setLabels(new Uint8Array(picture.grid.size));
      const [nx, ny, nz] = picture.grid.shape;
      this.#position = [nx >> 1, ny >> 1, nz >> 1];
    }
    this.#viewer.setPosition(this.#position);
  }

  /** Draw labels over the image, or none. Raises when they lie on another grid than the image. */
  async showOverlay(overlay: Overlay | null): Promise<void> {
    const size = this.#picture?.grid.size ?? 0;
    if (size === 0) return;
    if (!overlay) {
      this.#viewer.setLabels(new Uint8Array(size));
      return;
    }
    const all = new Uint8Array(await readBytes(overlay.url, this.#abort.signal));
    if (this.#abort.signal.aborted) return;
    if (all.length % size !== 0) {
      throw new Error(`This segmentation ${ANOTHER_GRID}`);
    }
    const labels = all.slice(overlay.layer * size, (overlay.layer + 1) * size);
    this.#viewer.setStyle({
      fill: 0.35,
      outline: 1,
      colours: new Map(overlay.labels.map(({ value, color }) => [value, color])),
      hidden: new Set(),
    });
    this.#viewer.setLabels(labels);
    this.#goToLabels(labels);
  }

  /** Draw a map over the image. Raises when it lies on another grid. */
  async showSteps({ url, colours, lowest }: Steps): Promise<void> {
    const picture = await this.#viewer.decode(await readBytes(url, this.#abort.signal), "the map");
    if (this.#abort.signal.aborted) return;
    if (picture.grid.size !== this.#picture?.grid.size) throw new Error(`This map ${ANOTHER_GRID}`);
    const steps = Uint8Array.from(picture.intensities.raw, (step) => (step < lowest ? 0 : step));
    this.#viewer.setStyle({ fill: 0.65, outline: 0, colours, hidden: new Set() });
    this.#viewer.setLabels(steps);
    this.#goToLabels(steps);
  }

  /** Go to the slice with most labelled voxels, so that a small lesion need not be searched. */
  #goToLabels(labels: Uint8Array): void {
    const grid = this.#picture?.grid;
    if (!grid) return;
    this.#move(middleOf(labels, grid) ?? this.#position);
  }

  #move(position: Vec3): void {
    const shape = this.#picture?.grid.shape;
    if (!shape) return;
    const inside = (axis: 0 | 1 | 2) => Math.min(shape[axis] - 1, Math.max(0, Math.round(position[axis])));
    this.#position = [inside(0), inside(1), inside(2)];
    this.#viewer.setPosition(this.#position);
  }

  /** Go to a voxel and put a pin there. */
  pinAt(voxel: Vec3): void {
    this.#pin = voxel;
    this.#move(voxel);
    this.#drawPin();
  }

  #drawPin(): void {
    const ctx = this.#pin && this.#overlay.getContext("2d");
    if (!this.#pin || !ctx) return;
    const { clientWidth, clientHeight } = this.#canvas;
    this.#overlay.width = clientWidth;
    this.#overlay.height = clientHeight;
    drawPins(ctx, { tiles: this.#viewer.tiles(), position: this.#position, pins: [this.#pin] });
  }

  #point(event: PointerEvent): void {
    const tile = tileAt(this.#viewer.tiles(), event.offsetX, event.offsetY);
    if (tile) this.#move(tile.toVoxel(event.offsetX, event.offsetY));
  }

  #scroll(event: WheelEvent): void {
    const tile = tileAt(this.#viewer.tiles(), event.offsetX, event.offsetY);
    if (!tile) return;
    event.preventDefault();
    const [x, y, z] = this.#position;
    const next: [number, number, number] = [x, y, z];
    next[NORMAL[tile.plane]] += event.deltaY > 0 ? -1 : 1;
    this.#move(next);
  }

  /** Free the graphics card; the canvas cannot be used again. */
  close(): void {
    this.#abort.abort();
    this.#viewer.close();
    this.#canvas.remove();
    this.#overlay.remove();
  }
}

/** Return a place inside the axial slice with most labelled voxels: its middle; null when nothing is labelled. */
export function middleOf(labels: Uint8Array, grid: Grid): Vec3 | null {
  const [nx, ny, nz] = grid.shape;
  const counts = new Float64Array(nz);
  for (let index = 0; index < labels.length; index += 1) {
    if (labels[index] === 0) continue;
    const z = Math.floor(index / (nx * ny));
    counts[z] = (counts[z] ?? 0) + 1;
  }
  const most = Math.max(...counts);
  if (most === 0) return null;
  const z = counts.indexOf(most);
  let [sumX, sumY] = [0, 0];
  for (let index = z * nx * ny; index < (z + 1) * nx * ny; index += 1) {
    if (labels[index] === 0) continue;
    const [x, y] = voxelOf(grid, index);
    sumX += x;
    sumY += y;
  }
  return [sumX / most, sumY / most, z];
}
