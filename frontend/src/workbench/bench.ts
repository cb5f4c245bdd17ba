/** The bench: an opened case and what is on screen, with the person's tools. Panels, keys and pointer all act on it. */
import { type Edit, type Gate, indexOf, nearestVoxel, type Vec3 } from "@/labels";
import {
  beginArea,
  beginBrush,
  beginLasso,
  beginScribble,
  type Gesture,
  growFrom,
  type Lasso,
  type Sample,
  type Scribble,
  type ToolName,
} from "@/tools";
import { NORMAL, type Plane, type Window } from "@/viewer";
import { LabelWorker } from "@/worker";
import { Cell } from "./cell";
import { Derived } from "./derived";
import { DrawingLimits } from "./limits";
import { Look } from "./look";
import { Operations } from "./operations";
import { stepRadius } from "./settings";

/** What people read for each tool. */
export const TOOL_NAMES: Readonly<Record<ToolName, string>> = {
  navigate: "Navigate",
  brush: "Brush",
  eraser: "Eraser",
  threshold: "Threshold brush",
  lasso: "Lasso",
  grow: "Grow",
  part: "Part",
  scribble: "Grow-cut",
};

/** Tools that have a way of their own to take away; with the others, Shift makes them the eraser. */
const WITH_ERASING = new Set<ToolName>(["lasso", "part", "scribble"]);

/** What the right side shows when nobody scores. */
export type Side = "edit" | "comments" | "versions";

export class Bench extends Look {
  readonly side = new Cell<Side>("edit");
  /** The version that is shown in place of the present labels, when one is. */
  readonly looking = new Cell<{
    readonly key: string;
    readonly name: string;
    readonly layers: readonly Uint8Array[];
  } | null>(null);
  /** The voxel of the comment that is being written, when one is. */
  readonly writing = new Cell<Vec3 | null>(null);
  /** The line of the lasso in progress, and its plane. */
  readonly outline = new Cell<{ plane: Plane; points: readonly Vec3[] } | null>(null);
  /** Why the last gesture did nothing, in a few words. */
  readonly hint = new Cell<string | null>(null);
  /** True while the questions are shown: the picture then has the mask as it was given, and no tool changes it. */
  readonly scoring = new Cell(false);
  /** The lesion of the list that was gone to last. */
  readonly lesion = new Cell<number | null>(null);
  /** Surfaces and lesions of the labels on screen. */
  readonly derived = new Derived(this.work.editor, {
    shown: () => this.shownLabels(),
    otherwise: [this.scoring, this.looking],
  });
  /** The marks for grow-cut; they are no labels. */
  readonly scribbles = new Cell<readonly Scribble[]>([]);
  readonly #worker = new LabelWorker();
  readonly limits = new DrawingLimits({
    images: this.work.images,
    grid: this.work.editor.grid,
    worker: this.#worker,
  });
  readonly operations = new Operations(this, this.#worker);
  #gesture: { gesture: Gesture; tool: ToolName; plane: Plane } | null = null;
  #polygon: Plane | null = null;

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

  /** The active layer as it is on screen: being edited, of an older version, or while scoring as it was given. */
  async shownLabels(): Promise<Uint8Array> {
    const { editor } = this.work;
    const { layerIndex } = editor.state.get().active;
    const layers = this.scoring.get() ? await this.work.given() : this.looking.get()?.layers;
    return layers?.[layerIndex] ?? editor.store.layer(layerIndex);
  }

  /** Why nothing can be edited although the case can: other labels than the present ones are on screen. */
  get elsewhere(): string | null {
    if (this.scoring.get()) return "You are scoring. Go back to editing first.";
    return this.looking.get() ? "You look at an older version. Go back to the present first." : null;
  }

  /** Jump to a lesion of the list, counted from 0 and round. */
  goToLesion(place: number): void {
    const lesions = this.derived.lesions.state.get().value ?? [];
    if (lesions.length === 0) return;
    const next = ((place % lesions.length) + lesions.length) % lesions.length;
    this.lesion.set(next);
    const found = lesions[next];
    if (found) this.reveal(found.inside);
  }

  /** Jump to the next lesion of the list, or the one before. */
  stepLesion(direction: 1 | -1): void {
    const here = this.lesion.get();
    this.goToLesion(here === null ? (direction === 1 ? 0 : -1) : here + direction);
  }

  /** Let the label of the probability on screen become what is at least as likely as its threshold. */
  drawProbability(): Promise<void> {
    const { editor, guides } = this.work;
    const key = guides.mapFor(editor.state.get().active.key) ?? "";
    editor.select(key);
    const { active } = editor.state.get();
    const values = guides.loaded.get().maps[key]?.intensities;
    if (active.key !== key || !values) {
      return this.operations.make("The probability is still loading.");
    }
    const { probabilityAtLeast } = this.settings.get();
    // Steps are rounded when they are read: a thousandth less, so that a threshold on a step is met by that step.
    const atLeast = (probabilityAtLeast - values.intercept) / values.slope - 0.001;
    return this.operations.make({
      name: `Probability ≥ ${probabilityAtLeast.toFixed(2)}`,
      tool: "probability",
      job: { kind: "operation", operation: { kind: "above", label: active.value, map: values.raw, atLeast } },
      needsActive: true,
      nothing: "The mask is that already.",
    });
  }

  resize(direction: 1 | -1): void {
    this.settings.patch({ radiusMm: stepRadius(this.settings.get().radiusMm, direction) });
  }

  get busy(): boolean {
    return this.#gesture !== null;
  }

  /** Begin the gesture of the active tool (or of the eraser, while it is held). Returns false when nothing began. */
  begin(sample: Sample, plane: Plane, { erase }: { erase: boolean }): boolean {
    const { tool } = this.settings.get();
    if (this.#gesture) return false;
    if (this.elsewhere) {
      this.hint.set(this.elsewhere);
      return false;
    }
    if (tool === "navigate" && !erase) return false;
    const used: ToolName = erase && !WITH_ERASING.has(tool) ? "eraser" : tool;
    if (used === "part") {
      void this.operations.clickPart(this.settings.get().partAction, sample.position);
      return false;
    }
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
    if (tool === "scribble") return this.#scribble(sample, { foreground: !erase });
    if (tool === "lasso" && settings.lassoAction === "revert" && !erase) return this.#revertArea(sample);
    const target = this.#target(tool, { erase: erase || tool === "eraser" });
    if (!target) return null;
    return tool === "lasso" ? beginLasso(target, sample) : beginBrush(target, settings, sample);
  }

  #revertArea(sample: Sample): Gesture {
    this.hint.set(null);
    return beginArea(sample, (area) => void this.operations.revertArea(area));
  }

  #scribble(sample: Sample, { foreground }: { foreground: boolean }): Gesture {
    const radiusMm = this.settings.get().scribbleMm;
    this.hint.set(null);
    const done = (scribble: Scribble) => this.scribbles.set([...this.scribbles.get(), scribble]);
    return beginScribble({ foreground, radiusMm, done }, sample);
  }

  #target(tool: ToolName, { erase }: { erase: boolean }) {
    const { editor } = this.work;
    const { over, overLabels, eraseActiveOnly } = this.settings.get();
    const limits = this.limits.current();
    if (typeof limits === "string") {
      this.hint.set(limits);
      return null;
    }
    const gate = tool === "threshold" ? this.#gate() : null;
    if (tool === "threshold" && !gate) {
      this.hint.set("This sequence is still loading.");
      return null;
    }
    const target = erase
      ? editor.eraseTarget(gate, { activeOnly: eraseActiveOnly, limits })
      : editor.target(gate, { over, overLabels, limits });
    this.hint.set(target ? null : this.#whyNot());
    return target;
  }

  #whyNot(): string {
    const { readOnly, active, locked } = this.work.editor.state.get();
    if (readOnly) return "This case is open in another window.";
    return locked.has(active.key) ? `${active.name} is locked.` : "An old step is being fetched. Try again.";
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

  /** The plane of the polygon that waits for its next corner, in whichever pane; null when there is none. */
  get polygon(): Plane | null {
    return this.#polygon;
  }

  /** Leave the lasso open after a click: it goes on from corner to corner. */
  leaveOpen(): void {
    this.#polygon = this.#gesture?.plane ?? null;
  }

  /** Close the polygon in progress and fill it. */
  async closePolygon(): Promise<void> {
    if (this.#polygon) await this.finish();
  }

  /** Close the polygon in progress; with the marks of grow-cut, let it find the border. */
  async complete(): Promise<void> {
    if (!this.#gesture && this.settings.get().tool === "scribble") await this.operations.cut();
    else await this.closePolygon();
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
    this.#polygon = null;
    this.#showOutline();
    if (this.work.editor.state.get().readOnly) {
      running?.gesture.cancel(); // another window took the case over in the middle of it
      return;
    }
    const edit = running?.gesture.finish();
    if (running && edit) await this.#record(edit, running.tool);
  }

  cancel(): void {
    this.#gesture?.gesture.cancel();
    this.#gesture = null;
    this.#polygon = null;
    this.#showOutline();
  }

  async #record(edit: Edit, tool: ToolName): Promise<void> {
    const { active } = this.work.editor.state.get();
    const name = tool === "eraser" ? TOOL_NAMES.eraser : `${TOOL_NAMES[tool]} · ${active.name}`;
    await this.work.editor.record(edit, { name, tool });
  }

  /** Begin a comment at the cross. */
  commentHere(): void {
    if (this.work.editor.state.get().readOnly) return;
    this.scoring.set(false);
    this.side.set("comments");
    this.writing.set(this.view.get().position);
  }

  /** Use the tool once at the cross, for work without a pointer; the lasso sets a corner there. */
  async useHere({ erase = false }: { erase?: boolean } = {}): Promise<void> {
    const { plane, position } = this.view.get();
    const sample: Sample = { position, axis: NORMAL[plane], pressure: 1 };
    if (this.polygon) {
      if (this.polygon === plane) this.corner(sample);
      return;
    }
    if (!this.begin(sample, plane, { erase })) return;
    if (this.settings.get().tool === "lasso") this.leaveOpen();
    else await this.finish();
  }

  /** Make the label under a position the active one. */
  pick(position: Vec3): void {
    const { editor } = this.work;
    const label = editor.labelAt(indexOf(editor.grid, nearestVoxel(editor.grid, position)));
    if (label) editor.select(label.key);
  }

  /** Stop the work in the background, as when the case is left. */
  override close(): void {
    super.close();
    this.derived.close();
    this.operations.cancel();
    this.#worker.close();
  }
}
