/** A viewer without a graphics card, for tests: one axial, one coronal and one sagittal tile of 200 pixels. */
import { type Box, type Grid, makeGrid, type Vec3 } from "@/labels";
import { tileOf } from "./tile";
import {
  type Camera,
  type Convention,
  type Layout,
  type MaskStyle,
  type Picture,
  type Plane,
  type Tile,
  type Viewer,
  WHOLE,
  type Window,
} from "./viewer";

const TILE_PIXELS = 200;

/** Records what it was asked, and maps each tile's pixels onto the whole slice. */
export class FakeViewer implements Viewer {
  readonly redrawn: (Box | undefined)[] = [];
  labels: Uint8Array | null = null;
  picture: Picture | null = null;
  window: Window | null = null;
  style: MaskStyle | null = null;
  layout: Layout = "three planes";
  convention: Convention = "radiological";
  position: Vec3 = [0, 0, 0];
  camera: Camera = WHOLE;
  closed = false;
  readonly #grid: Grid;
  readonly #drawn = new Set<() => void>();
  readonly #lost = new Set<() => void>();

  constructor(grid: Grid) {
    this.#grid = makeGrid(grid.shape, grid.affine);
  }

  async decode(bytes: ArrayBuffer, _name: string): Promise<Picture> {
    const values = new Uint8Array(bytes);
    const raw = Int16Array.from({ length: this.#grid.size }, (_, i) => values[i % values.length] ?? 0);
    return { grid: this.#grid, intensities: { raw, slope: 1, intercept: 0 } };
  }

  show(picture: Picture, window: Window): void {
    this.picture = picture;
    this.window = window;
    if (this.labels?.length !== picture.grid.size) this.labels = null;
    this.redraw();
  }

  setWindow(window: Window): void {
    this.window = window;
  }

  setLabels(labels: Uint8Array): void {
    if (this.picture && labels.length !== this.picture.grid.size) {
      throw new RangeError("The labels lie on another grid than the image.");
    }
    this.labels = labels;
    this.redraw();
  }

  redraw(box?: Box): void {
    this.redrawn.push(box);
    for (const listener of this.#drawn) listener();
  }

  setStyle(style: MaskStyle): void {
    this.style = style;
  }

  setLayout(layout: Layout): void {
    this.layout = layout;
  }

  setConvention(convention: Convention): void {
    this.convention = convention;
  }

  setPosition(voxel: Vec3): void {
    this.position = voxel;
  }

  setCamera(camera: Camera): void {
    this.camera = camera;
  }

  zoomedAbout(camera: Camera, _voxel: Vec3, zoom: number): Camera {
    return { ...camera, zoom };
  }

  tiles(): readonly Tile[] {
    return (["axial", "coronal", "sagittal"] as const).map((plane, n) => this.#tile(plane, n * TILE_PIXELS));
  }

  #tile(plane: Plane, left: number): Tile {
    const { shape } = this.#grid;
    const part = (pixels: number, axis: 0 | 1 | 2) => (pixels / TILE_PIXELS) * shape[axis] - 0.5;
    const voxelAt = (x: number, y: number): Vec3 => {
      const [px, py] = [x - left, TILE_PIXELS - y];
      if (plane === "axial") return [part(px, 0), part(py, 1), this.position[2]];
      if (plane === "coronal") return [part(px, 0), this.position[1], part(py, 2)];
      return [this.position[0], part(px, 1), part(py, 2)];
    };
    const device = { left, top: 0, width: TILE_PIXELS, height: TILE_PIXELS };
    return tileOf({ plane, grid: this.#grid, dpr: 1, device, voxelAt });
  }

  onDrawn(listener: () => void): () => void {
    this.#drawn.add(listener);
    return () => this.#drawn.delete(listener);
  }

  async finished(): Promise<void> {}

  onLost(listener: () => void): () => void {
    this.#lost.add(listener);
    return () => this.#lost.delete(listener);
  }

  /** Act as if the graphics card gave up. */
  lose(): void {
    for (const listener of this.#lost) listener();
  }

  close(): void {
    this.closed = true;
  }
}
