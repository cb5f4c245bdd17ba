/** What is on screen of an opened case: panes and their sequences, position, windows, zoom and shift. */
import { type Axis, nearestVoxel, type Vec3 } from "@/labels";
import {
  type Camera,
  type Convention,
  NORMAL,
  type Orbit,
  type Plane,
  type Tile,
  type Viewer,
  WHOLE,
  type Window,
} from "@/viewer";
import { type Arrangement, isSideBySide, sequencesOf, withSequence } from "./arrangement";
import { Cell } from "./cell";
import type { OwnSettings } from "./ownSettings";
import type { Work } from "./session";
import type { Settings } from "./settings";
import type { ViewState } from "./view";
import { partsOf, type WindowChoice, type WindowPreset, windowKey, windowOf } from "./windows";

const MAX_ZOOM = 12;
/** Nearer to an edge than this part of a plane, a position counts as out of sight. */
const EDGE = 0.08;
const ALL_AXES: readonly Axis[] = [0, 1, 2];

export class Look {
  readonly work: Work;
  readonly settings: Cell<Settings>;
  readonly view: Cell<ViewState>;
  /** Zoom and shift of all panes. */
  readonly camera = new Cell<Camera>(WHOLE);
  /** From where the surface is looked at, once it was there; it outlives its pane. */
  readonly orbit = new Cell<Orbit | null>(null);
  /** Any viewer on screen, for whoever needs one to decode an image. */
  readonly lent = new Cell<Viewer | null>(null);
  readonly #viewers = new Map<number, Viewer>();
  readonly #stopFollowing: () => void;
  /** By how many voxels the picture was shifted since these tiles were drawn: they lie elsewhere with the next drawing. */
  #followed: { readonly tiles: readonly Tile[]; readonly voxels: Vec3 } | null = null;

  constructor(work: Work, own: OwnSettings) {
    this.work = work;
    this.settings = own.settings;
    this.#stopFollowing = own.adopted.subscribe(() => this.#adopt());
    const sequences = this.#arranged(work.assignment.series[0]?.sequence ?? "");
    this.view = new Cell<ViewState>({
      sequence: sequences[0] ?? "",
      sequences,
      pane: 0,
      position: startPosition(work),
      plane: this.#planeOnScreen("axial"),
      windows: this.#keptWindows(),
      thresholds: {},
      maskShown: true,
      pointer: null,
    });
    // A preset is known only when its image is read; then the kept choice can be followed.
    work.images.onPresets((sequence) => this.#windowAsKept(sequence));
  }

  /** The case is left. */
  close(): void {
    this.#stopFollowing();
  }

  /** Show what the account's settings say, which came when the case was open already. */
  #adopt(): void {
    this.#divide();
    for (const sequence of Object.keys(this.view.get().windows)) this.#windowAsKept(sequence);
  }

  /** A pane lends its viewer while it is on screen. */
  lend(pane: number, viewer: Viewer | null): void {
    if (viewer) this.#viewers.set(pane, viewer);
    else this.#viewers.delete(pane);
    this.lent.set(this.#viewers.values().next().value ?? null);
  }

  /** The viewer of the pane in use. */
  get viewer(): Viewer | null {
    return this.#viewers.get(this.view.get().pane) ?? null;
  }

  /** Make a pane the one in use: its sequence is what tools read and windows change. */
  choosePane(pane: number): void {
    const sequence = this.view.get().sequences[pane];
    if (sequence !== undefined && pane !== this.view.get().pane) this.view.patch({ pane, sequence });
  }

  /** Step through slices of a plane. */
  moveSlices(plane: Plane, slices: number): void {
    const { position } = this.view.get();
    const moved: [number, number, number] = [position[0], position[1], position[2]];
    moved[NORMAL[plane]] += slices;
    this.goTo(moved);
  }

  /** Put the cross on the voxel nearest to a position. */
  goTo(position: Vec3): void {
    this.view.patch({ position: nearestVoxel(this.work.editor.grid, position) });
  }

  /** Show a sequence in the pane in use, or go to the pane that shows it already. */
  showSequence(sequence: string): void {
    if (!this.work.images.find(sequence)) return;
    const { sequences, pane } = this.view.get();
    this.#showInPanes(withSequence(sequences, pane, sequence));
  }

  /** Show a sequence in one pane. */
  showIn(pane: number, sequence: string): void {
    const { sequences } = this.view.get();
    const before = sequences[pane] ?? sequence;
    const swapped = sequences.map((each) => (each === sequence ? before : each));
    this.#showInPanes({ sequences: swapped.map((each, n) => (n === pane ? sequence : each)), pane });
  }

  #showInPanes({ sequences, pane }: { readonly sequences: readonly string[]; readonly pane: number }): void {
    this.view.patch({ sequences, pane, sequence: sequences[pane] ?? "" });
    if (isSideBySide(this.settings.get().arrangement)) this.settings.patch({ compared: sequences });
  }

  #arranged(current: string): readonly string[] {
    const { arrangement, compared } = this.settings.get();
    const available = this.work.assignment.series.map((series) => series.sequence);
    return sequencesOf(arrangement, { current, wanted: compared, available });
  }

  /** Change black and white of the sequence in use; by hand, it is kept when it is exact. */
  setWindow([low, high]: Window, quality: "preview" | "exact"): void {
    const { sequence } = this.view.get();
    const window: Window = [low, low + Math.max(high - low, 1e-6)];
    this.#showWindow(sequence, window, quality);
    if (quality === "exact") this.#keepWindow(sequence, partsOf(window, this.#prepared(sequence)));
  }

  /** Window the sequence in use by a preset, also in the next cases of the study. */
  choosePreset({ name, window }: WindowPreset): void {
    const { sequence } = this.view.get();
    this.#showWindow(sequence, window, "exact");
    this.#keepWindow(sequence, { preset: name });
  }

  #showWindow(sequence: string, window: Window, quality: "preview" | "exact"): void {
    const { windows, sequences } = this.view.get();
    this.view.patch({ windows: { ...windows, [sequence]: window } });
    for (const [pane, viewer] of this.#viewers)
      if (sequences[pane] === sequence) viewer.setWindow(window, quality);
  }

  #keepWindow(sequence: string, choice: WindowChoice): void {
    const key = windowKey(this.work.assignment.study.id, sequence);
    this.settings.patch({ windows: { ...this.settings.get().windows, [key]: choice } });
  }

  #choiceFor(sequence: string): WindowChoice | undefined {
    return this.settings.get().windows[windowKey(this.work.assignment.study.id, sequence)];
  }

  #prepared(sequence: string): Window {
    return this.work.images.find(sequence)?.info.window ?? [0, 1];
  }

  #keptWindows(): Record<string, Window> {
    const { series } = this.work.assignment;
    return Object.fromEntries(series.map(({ sequence }) => [sequence, this.#keptWindow(sequence)]));
  }

  #keptWindow(sequence: string): Window {
    const presets = this.work.images.find(sequence)?.presets ?? [];
    return windowOf(this.#choiceFor(sequence), this.#prepared(sequence), presets);
  }

  #windowAsKept(sequence: string): void {
    const [low, high] = this.#keptWindow(sequence);
    const shown = this.view.get().windows[sequence];
    if (low !== shown?.[0] || high !== shown[1]) this.#showWindow(sequence, [low, high], "exact");
  }

  get window(): Window {
    const { sequence, windows } = this.view.get();
    return windows[sequence] ?? [0, 1];
  }

  /** Divide the centre in another way; the plane is the one that was used last. */
  arrange(arrangement: Arrangement, plane: Plane = this.view.get().plane): void {
    this.settings.patch({ arrangement, plane });
    this.#divide();
  }

  #divide(): void {
    const { sequence } = this.view.get();
    const sequences = this.#arranged(sequence);
    const pane = Math.max(0, sequences.indexOf(sequence));
    const plane = this.#planeOnScreen(this.view.get().plane);
    this.view.patch({ sequences, pane, sequence: sequences[pane] ?? sequence, plane });
  }

  /** Where one plane is on screen, keys act on that; of three, on the one that was used last. */
  #planeOnScreen(last: Plane): Plane {
    const { arrangement, plane } = this.settings.get();
    return arrangement === "three planes" ? last : plane;
  }

  setConvention(convention: Convention): void {
    this.settings.patch({ convention });
  }

  /** Zoom all panes about a position, or the cross. */
  zoom(factor: number, about: Vec3 = this.view.get().position): void {
    const camera = this.camera.get();
    const zoom = Math.min(MAX_ZOOM, Math.max(1, camera.zoom * factor));
    const zoomed = this.viewer?.zoomedAbout(camera, about, zoom);
    this.camera.set(zoom === 1 || !zoomed ? WHOLE : zoomed);
  }

  /** Shift all panes by voxels. */
  shift(voxels: Vec3): void {
    const { zoom, shift } = this.camera.get();
    const { spacing } = this.work.editor.grid;
    const moved = (axis: 0 | 1 | 2) => shift[axis] + voxels[axis] * spacing[axis] * zoom;
    this.camera.set({ zoom, shift: [moved(0), moved(1), moved(2)] });
  }

  /** Put the cross on a position, in sight. */
  reveal(position: Vec3): void {
    this.goTo(position);
    this.follow();
  }

  /** Shift the picture along these axes where zooming has left the cross outside. What is in sight stays in place. */
  follow(axes: readonly Axis[] = ALL_AXES): void {
    const tiles = this.viewer?.tiles() ?? [];
    if (this.camera.get() === WHOLE) return;
    const before = this.#followed?.tiles === tiles ? this.#followed.voxels : ([0, 0, 0] as const);
    const { position } = this.view.get();
    const seen: Vec3 = [position[0] + before[0], position[1] + before[1], position[2] + before[2]];
    const away: [number, number, number] = [0, 0, 0];
    for (const tile of tiles) {
      const aim = placeInSight(tile, seen);
      for (const axis of axes) {
        if (axis === NORMAL[tile.plane]) continue;
        const step = aim[axis] - seen[axis];
        if (Math.abs(step) > Math.abs(away[axis])) away[axis] = step;
      }
    }
    if (away.every((step) => step === 0)) return;
    this.shift(away);
    this.#followed = { tiles, voxels: [before[0] + away[0], before[1] + away[1], before[2] + away[2]] };
  }

  resetView(): void {
    this.camera.set(WHOLE);
  }
}

/** Return where a position on a tile should lie: there, or in the middle across each edge that it is too near to. */
function placeInSight({ rect, toVoxel, toScreen }: Tile, position: Vec3): Vec3 {
  const [x, y] = toScreen(position);
  const isIn = (part: number) => Math.min(part, 1 - part) > EDGE;
  const [inX, inY] = [isIn((x - rect.left) / rect.width), isIn((y - rect.top) / rect.height)];
  if (inX && inY) return position;
  return toVoxel(inX ? x : rect.left + rect.width / 2, inY ? y : rect.top + rect.height / 2);
}

/** Begin where the mask is largest, or in the middle of the image when there is none. */
function startPosition({ editor }: Work): Vec3 {
  const { grid, store } = editor;
  const [nx, ny, nz] = grid.shape;
  const labels = store.layer(editor.state.get().active.layerIndex);
  let best = { z: -1, count: 0 };
  for (let z = 0; z < nz; z++) {
    let count = 0;
    for (let i = z * nx * ny; i < (z + 1) * nx * ny; i++) if (labels[i] !== 0) count++;
    if (count > best.count) best = { z, count };
  }
  if (best.z < 0) return [Math.floor(nx / 2), Math.floor(ny / 2), Math.floor(nz / 2)];
  return centreOfSlice(labels, { nx, ny, z: best.z, count: best.count });
}

function centreOfSlice(
  labels: Uint8Array,
  { nx, ny, z, count }: { nx: number; ny: number; z: number; count: number },
): Vec3 {
  let [sumX, sumY] = [0, 0];
  for (let i = 0; i < nx * ny; i++) {
    if (labels[z * nx * ny + i] === 0) continue;
    sumX += i % nx;
    sumY += Math.floor(i / nx);
  }
  return [Math.round(sumX / count), Math.round(sumY / count), z];
}
