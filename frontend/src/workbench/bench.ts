/** The bench: an opened case together with the person's settings and view. Panels, keys and pointer all act on it. */
import { type Edit, type Gate, indexOf, nearestVoxel, type Vec3 } from "@/labels";
import {
  beginBrush,
  beginLasso,
  type Gesture,
  growFrom,
  type Lasso,
  type Sample,
  type ToolName,
} from "@/tools";
import { type Convention, type Layout, NORMAL, type Plane, type Viewer, type Window } from "@/viewer";
import { Cell } from "./cell";
import type { Work } from "./session";
import { keepSettings, readSettings, type Settings, stepRadius } from "./settings";
import type { ViewState } from "./view";

/** What people read for each tool. */
export const TOOL_NAMES: Readonly<Record<ToolName, string>> = {
  navigate: "Navigate",
  brush: "Brush",
  eraser: "Eraser",
  threshold: "Threshold brush",
  lasso: "Lasso",
  grow: "Grow",
};

const MAX_ZOOM = 12;

export class Bench {
  readonly work: Work;
  readonly settings: Cell<Settings>;
  readonly view: Cell<ViewState>;
  /** The line of the lasso in progress, and its plane. */
  readonly outline = new Cell<{ plane: Plane; points: readonly Vec3[] } | null>(null);
  /** Why the last gesture did nothing, in a few words. */
  readonly hint = new Cell<string | null>(null);
  /** True while the questions are shown: the picture then has the mask as it was given, and no tool changes it. */
  readonly scoring = new Cell(false);
  #viewer: Viewer | null = null;
  #gesture: { gesture: Gesture; tool: ToolName; plane: Plane } | null = null;

  constructor(work: Work, person: string) {
    this.work = work;
    this.settings = new Cell(readSettings(person));
    this.settings.subscribe(() => keepSettings(person, this.settings.get()));
    const { shape } = work.editor.grid;
    this.view = new Cell<ViewState>({
      sequence: work.assignment.series[0]?.sequence ?? "",
      position: startPosition(work),
      plane: "axial",
      windows: Object.fromEntries(work.assignment.series.map((series) => [series.sequence, series.window])),
      thresholds: {},
      maskShown: true,
      pointer: null,
    });
    if (shape.some((n) => n < 1)) throw new RangeError("The case has no voxels.");
  }

  /** The pane lends its viewer while it is on screen. */
  lend(viewer: Viewer | null): void {
    this.#viewer = viewer;
  }

  get viewer(): Viewer | null {
    return this.#viewer;
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

  showSequence(sequence: string): void {
    if (this.work.images.find(sequence)) this.view.patch({ sequence });
  }

  /** Change black and white of the sequence on screen. A window is never narrower than a thousandth of itself. */
  setWindow([low, high]: Window, quality: "preview" | "exact"): void {
    const { sequence, windows } = this.view.get();
    const width = Math.max(high - low, 1e-6);
    const window: Window = [low, low + width];
    this.view.patch({ windows: { ...windows, [sequence]: window } });
    this.#viewer?.setWindow(window, quality);
  }

  get window(): Window {
    const { sequence, windows } = this.view.get();
    return windows[sequence] ?? [0, 1];
  }

  /** The intensity range of the threshold brush on the sequence on screen. */
  get threshold(): Window {
    const { sequence, thresholds } = this.view.get();
    const [low, high] = this.window;
    return thresholds[sequence] ?? [low + (high - low) * 0.55, high + (high - low)];
  }

  setThreshold(range: Window): void {
    const { sequence, thresholds } = this.view.get();
    this.view.patch({ thresholds: { ...thresholds, [sequence]: range } });
  }

  setLayout(layout: Layout): void {
    this.settings.patch({ layout });
  }

  setConvention(convention: Convention): void {
    this.settings.patch({ convention });
  }

  resize(direction: 1 | -1): void {
    this.settings.patch({ radiusMm: stepRadius(this.settings.get().radiusMm, direction) });
  }

  /** Zoom about a position, or the cross. */
  zoom(factor: number, about: Vec3 = this.view.get().position): void {
    if (!this.#viewer) return;
    const zoom = Math.min(MAX_ZOOM, Math.max(1, this.#viewer.zoom * factor));
    if (zoom === 1) this.#viewer.showAll();
    else this.#viewer.zoomAbout(about, zoom);
  }

  resetView(): void {
    this.#viewer?.showAll();
  }

  get busy(): boolean {
    return this.#gesture !== null;
  }

  /** Begin the gesture of the active tool (or of the eraser, while it is held). Returns false when nothing began. */
  begin(sample: Sample, plane: Plane, { erase }: { erase: boolean }): boolean {
    const { tool } = this.settings.get();
    if (this.#gesture) return false;
    if (this.scoring.get()) {
      this.hint.set("You are scoring. Go back to editing first.");
      return false;
    }
    if (tool === "navigate" && !erase) return false;
    const used: ToolName = erase && tool !== "lasso" ? "eraser" : tool;
    if (used === "grow") {
      this.#grow(sample, { erase });
      return false;
    }
    const gesture = this.#makeGesture(used, sample, { erase });
    if (!gesture) return false;
    this.#gesture = { gesture, tool: used, plane };
    this.#showOutline();
    return true;
  }

  #makeGesture(tool: ToolName, sample: Sample, { erase }: { erase: boolean }): Gesture | null {
    const settings = this.settings.get();
    const target = this.#target(tool, { erase: erase || tool === "eraser" });
    if (!target) return null;
    return tool === "lasso" ? beginLasso(target, sample) : beginBrush(target, settings, sample);
  }

  #target(tool: ToolName, { erase }: { erase: boolean }) {
    const { editor } = this.work;
    const { over, eraseActiveOnly } = this.settings.get();
    const gate = tool === "threshold" ? this.#gate() : null;
    if (tool === "threshold" && !gate) {
      this.hint.set("This sequence is still loading.");
      return null;
    }
    const target = erase
      ? editor.eraseTarget(gate, { activeOnly: eraseActiveOnly })
      : editor.target(gate, over);
    this.hint.set(target ? null : this.#whyNot());
    return target;
  }

  #whyNot(): string {
    const { readOnly, active } = this.work.editor.state.get();
    return readOnly ? "This case is open in another window." : `${active.name} is locked.`;
  }

  #gate(): Gate | null {
    const intensities = this.work.images.intensities(this.view.get().sequence);
    if (!intensities) return null;
    const [low, high] = this.threshold;
    return { intensities, low, high };
  }

  #grow(sample: Sample, { erase }: { erase: boolean }): void {
    const { growLimitMm, growTolerance, growWithin } = this.settings.get();
    const intensities = this.work.images.intensities(this.view.get().sequence);
    const target = this.#target("grow", { erase });
    if (!intensities || !target) return;
    const [low, high] = this.window;
    const tolerance = ((high - low) * growTolerance) / 100;
    const edit = growFrom(
      target,
      { tolerance, limitMm: growLimitMm, within: growWithin, intensities },
      sample,
    );
    if (edit) void this.#record(edit, erase ? "eraser" : "grow");
  }

  move(sample: Sample): void {
    this.#gesture?.gesture.move(sample);
    this.#showOutline();
  }

  /** Set a corner of the polygon in progress. */
  corner(sample: Sample): void {
    const running = this.#gesture?.gesture;
    if (running && "addCorner" in running) (running as Lasso).addCorner(sample);
    this.#showOutline();
  }

  #showOutline(): void {
    const running = this.#gesture;
    const points = running?.gesture.outline ?? [];
    this.outline.set(running && points.length > 0 ? { plane: running.plane, points } : null);
  }

  /** End the gesture; what it changed becomes one step of the history. Resolves when it is on disk. */
  async finish(): Promise<void> {
    const running = this.#gesture;
    this.#gesture = null;
    this.#showOutline();
    const edit = running?.gesture.finish();
    if (running && edit) await this.#record(edit, running.tool);
  }

  cancel(): void {
    this.#gesture?.gesture.cancel();
    this.#gesture = null;
    this.#showOutline();
  }

  async #record(edit: Edit, tool: ToolName): Promise<void> {
    const { active } = this.work.editor.state.get();
    const name = tool === "eraser" ? TOOL_NAMES.eraser : `${TOOL_NAMES[tool]} · ${active.name}`;
    await this.work.editor.record(edit, { name, tool });
  }

  /** Use the tool once at the cross, for work without a pointer. */
  async useHere(): Promise<void> {
    const { plane, position } = this.view.get();
    const sample: Sample = { position, axis: NORMAL[plane], pressure: 1 };
    if (this.settings.get().tool !== "lasso" && this.begin(sample, plane, { erase: false }))
      await this.finish();
  }

  /** Make the label under a position the active one. */
  pick(position: Vec3): void {
    const { editor } = this.work;
    const label = editor.labelAt(indexOf(editor.grid, nearestVoxel(editor.grid, position)));
    if (label) editor.select(label.key);
  }
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
