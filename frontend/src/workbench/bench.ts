/** The bench: an opened case and what is on screen, with the person's tools. Panels, keys and pointer all act on it. */
import { indexOf, nearestVoxel, type Vec3 } from "@/labels";
import type { Lasso, Sample, Scribble, ToolName } from "@/tools";
import { axesIn, NORMAL, type Plane, type Window } from "@/viewer";
import { LabelWorker } from "@/worker";
import { Cell } from "./cell";
import { Derived } from "./derived";
import { Gestures, type Running } from "./gestures";
import { Hand } from "./hand";
import { keyOf } from "./keys";
import { DrawingLimits } from "./limits";
import { Look } from "./look";
import { Operations } from "./operations";
import { stepRadius } from "./settings";

const closeIt = () => `Close it (${keyOf("edit.close")}) or give it up (${keyOf("edit.cancel")}).`;

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
  /** Which pointer holds the picture. */
  readonly hand = new Hand();
  readonly #gestures = new Gestures(this);
  #running: Running | null = null;
  /** True while the lasso that runs waits for its next corner. */
  #isOpen = false;

  constructor(...parts: ConstructorParameters<typeof Look>) {
    super(...parts);
    for (const other of [this.scoring, this.looking]) other.subscribe(() => this.settle());
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

  /** True while the pointer draws. An open polygon that waits for its next corner is not in the way of anything. */
  get busy(): boolean {
    return this.#running !== null && !this.#isOpen;
  }

  /** The plane of the polygon that waits for its next corner, in whichever pane; null when there is none. */
  get polygon(): Plane | null {
    return this.#isOpen ? (this.#running?.plane ?? null) : null;
  }

  /** Begin the gesture of the active tool (or of the eraser, while it is held). Returns false when nothing began. */
  begin(sample: Sample, plane: Plane, { erase }: { erase: boolean }): boolean {
    if (this.#running || this.#isElsewhere()) return false;
    const running = this.#gestures.begin(sample, plane, { erase });
    if (!running) return false;
    this.#running = running;
    this.work.editor.underway = { written: () => running.gesture.written(), settle: () => this.settle() };
    this.#showOutline();
    return true;
  }

  /** True while other labels than the present ones are on screen; the hint then says so. */
  #isElsewhere(): boolean {
    const { elsewhere } = this;
    if (elsewhere) this.hint.set(elsewhere);
    return elsewhere !== null;
  }

  move(sample: Sample): void {
    this.#running?.gesture.move(sample);
    this.#showOutline();
  }

  /** Set a corner of the open polygon. Returns false on another plane or slice; the hint then says where it is. */
  corner(sample: Sample, plane: Plane): boolean {
    const { polygon } = this;
    const first = this.outline.get()?.points[0];
    if (!polygon || !first || this.#isElsewhere()) return false;
    const slice = Math.round(first[NORMAL[polygon]]);
    if (plane !== polygon || Math.round(sample.position[NORMAL[polygon]]) !== slice) {
      this.hint.set(`The open polygon is in ${polygon} slice ${slice + 1}. ${closeIt()}`);
      return false;
    }
    this.hint.set(null);
    this.#lasso?.addCorner(sample);
    this.#showOutline();
    return true;
  }

  get #lasso(): Lasso | null {
    const gesture = this.#running?.gesture;
    return gesture && "addCorner" in gesture ? (gesture as Lasso) : null;
  }

  /** The pointer was lifted. A lasso that was only clicked stays open from corner to corner; all else ends. */
  async lift({ moved }: { moved: boolean }): Promise<void> {
    if (this.#isOpen) return;
    if (this.#lasso && !moved) this.#isOpen = true;
    else await this.#finish();
  }

  /** Take back what the press that is held began, as when a second finger shows that it was none: at most one corner. */
  takeBack(): void {
    if (this.#isOpen) this.#lasso?.removeCorner();
    this.#showOutline();
    if (!this.#isOpen || this.outline.get() === null) this.cancel();
  }

  /**
   * Take back the last corner of the open polygon, or what is being drawn, a new mark for grow-cut, or the last step.
   * Steps are left alone while others than the present labels are on screen: nobody would see what changes.
   */
  async undo(): Promise<void> {
    if (this.#isElsewhere()) return;
    if (this.outline.get()) this.takeBack();
    else if (!this.#takeMarkBack()) await this.work.editor.undo();
  }

  async redo(): Promise<void> {
    if (!this.#isElsewhere()) await this.work.editor.redo();
  }

  /** Go to a step of the history. */
  async goToStep(position: number): Promise<void> {
    if (!this.#isElsewhere()) await this.work.editor.goTo(position);
  }

  #takeMarkBack(): boolean {
    return this.settings.get().tool === "scribble" && this.operations.takeScribbleBack();
  }

  /** Close the polygon in progress and fill it. One that nothing may be written with stays open. */
  async closePolygon(): Promise<void> {
    if (!this.#isOpen || this.#isElsewhere()) return;
    const { lassoAction } = this.settings.get();
    const erases = this.#running?.erases ?? false;
    const writes = lassoAction === "draw" || erases;
    if (!writes || this.#gestures.target("lasso", { erases })) await this.#finish();
  }

  /** Close the polygon in progress; with the marks of grow-cut, let it find the border. */
  async complete(): Promise<void> {
    if (!this.#running && this.settings.get().tool === "scribble") await this.operations.cut();
    else await this.closePolygon();
  }

  #showOutline(): void {
    const running = this.#running;
    const points = running?.gesture.outline ?? [];
    this.outline.set(running && points.length > 0 ? { plane: running.plane, points } : null);
  }

  /** End the gesture; what it changed becomes one step of the history. Resolves when it is on disk. */
  async #finish(): Promise<void> {
    // Another window may have taken the case over in the middle of it.
    if (this.work.editor.state.get().readOnly) return this.cancel();
    const running = this.#end();
    const edit = running?.gesture.finish();
    if (running && edit) await this.work.editor.record(edit, { name: running.name(), tool: running.tool });
  }

  #end(): Running | null {
    const running = this.#running;
    this.#running = null;
    this.#isOpen = false;
    this.hint.set(null);
    this.work.editor.underway = null;
    this.#showOutline();
    return running;
  }

  /**
   * End what is being drawn before something else changes the labels or hides them: a stroke becomes a step, a line
   * that is not closed is given up. An open polygon waits.
   */
  settle(): void {
    if (!this.busy) return;
    if (this.outline.get()) this.cancel();
    else void this.#finish();
  }

  /** Settle; returns false while a polygon is open, and the hint then says what to do with it. */
  isSettled(): boolean {
    this.settle();
    if (this.#isOpen) this.hint.set(`A polygon is open. ${closeIt()}`);
    return !this.#isOpen;
  }

  /** Give up all that is in progress. */
  cancel(): void {
    const written = this.#end()?.gesture.written();
    if (written) this.work.editor.store.apply(written, "undo");
  }

  /** Choose a tool, unless a polygon is open: that belongs to the lasso. */
  chooseTool(tool: ToolName): void {
    if (tool === this.settings.get().tool || this.isSettled()) this.settings.patch({ tool });
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
    this.follow(axesIn(plane));
    const sample: Sample = { position, axis: NORMAL[plane], pressure: 1 };
    if (this.#isOpen) this.corner(sample, plane);
    else if (this.begin(sample, plane, { erase })) await this.lift({ moved: false });
  }

  /** Make the label under a position the active one: that of the active layer, else the first of another layer. */
  pick(position: Vec3): void {
    const { editor } = this.work;
    const index = indexOf(editor.grid, nearestVoxel(editor.grid, position));
    const [other = ""] = editor.keysAt(index, editor.store.layers).split(" ");
    editor.select(editor.labelAt(index)?.key ?? other);
  }

  /** Stop the work in the background, as when the case is left. */
  override close(): void {
    super.close();
    this.derived.close();
    this.operations.cancel();
    this.#worker.close();
  }
}
