/** Runs operations in the worker and makes each of them one step of the history. */
import { admit, channelIn, type PackedEdit, packLabels, type Step, type Vec3, without } from "@/labels";
import { type Area, boxOfScribbles, marksIn, type Sample, type Scribble } from "@/tools";
import type { Window } from "@/viewer";
import type { LabelWorker } from "@/worker";
import { Cell } from "./cell";
import { keptBack, outcomeOf, stepName } from "./changes";
import type { Editor, EditorLabel, Permission } from "./editor";
import type { DrawingLimits } from "./limits";
import type { OperationId, PartAction } from "./operationSettings";
import type { Work } from "./session";
import type { Settings } from "./settings";
import { areaTaskOf, growTaskOf, partTaskOf, type Situation, type Task, taskOf } from "./tasks";
import type { ViewState } from "./view";

/** An operation on its way. */
export interface Running {
  readonly name: string;
  /** 0 to 1, or null while that is not known. */
  readonly part: number | null;
}

/** What operations need of the bench. */
export interface Desk {
  readonly work: Work;
  readonly settings: Cell<Settings>;
  readonly view: Cell<ViewState>;
  readonly hint: Cell<string | null>;
  /** Why nothing can be edited now, because other labels than the present ones are on screen. */
  readonly elsewhere: string | null;
  readonly limits: DrawingLimits;
  readonly scribbles: Cell<readonly Scribble[]>;
  /** True while a gesture is in progress. */
  readonly busy: boolean;
  /** The window of the sequence in use. */
  readonly window: Window;
  reveal(position: Vec3): void;
}

export class Operations {
  readonly running = new Cell<Running | null>(null);
  /** What the last operation changed, in words, until the labels change otherwise. */
  readonly outcome = new Cell<string | null>(null);
  readonly #desk: Desk;
  readonly #worker: LabelWorker;
  #abort: AbortController | null = null;
  /** The last grow-cut of these scribbles: a better one of the same label takes its place. */
  #lastCut: { readonly step: Step; readonly label: string } | null = null;
  /** How many of the scribbles grow-cut has read. */
  #read = 0;
  /** Said when something else was asked for while an operation ran. */
  #wait: string | null = null;

  constructor(desk: Desk, worker: LabelWorker) {
    this.#desk = desk;
    this.#worker = worker;
    desk.work.editor.store.subscribe(() => this.outcome.set(null));
  }

  /** Run an operation of the menu with its parameters as they are set. */
  run(id: OperationId): Promise<void> {
    return this.#try(() => taskOf(id, this.#situation()));
  }

  /** Do a task that was made elsewhere, or say why it could not be made. */
  make(task: Task | string): Promise<void> {
    return this.#try(async () => task);
  }

  /** Do what the part tool is set to with the connected part under a position. */
  clickPart(action: PartAction, position: Vec3): Promise<void> {
    return this.#try(() => partTaskOf(action, position, this.#situation()));
  }

  /** Grow from a click over what looks like it in the sequence in use. */
  growFrom(sample: Sample, { erases }: { erases: boolean }): Promise<void> {
    const { work, view, window } = this.#desk;
    const intensities = work.images.intensities(view.get().sequence);
    return this.#try(async () => growTaskOf(sample, { erases, intensities, window }, this.#situation()));
  }

  /** Put the mask as it was given back inside an area that was gone round. */
  revertArea(area: Area): Promise<void> {
    return this.#try(() => areaTaskOf(area, this.#situation()));
  }

  /** Let grow-cut find the border between the scribbles, in place of what it found with fewer of them. */
  async cut(): Promise<void> {
    const { history, state } = this.#desk.work.editor;
    const last = () => history.steps[history.position - 1];
    const label = state.get().active.key;
    const before = last() ?? null;
    const isAgain = this.#lastCut !== null && this.#lastCut.step === before && this.#lastCut.label === label;
    const marks = this.#desk.scribbles.get().length;
    await this.#try(async () => this.#cutTask(isAgain ? before : null));
    const step = last();
    // One that was refused leaves the step of other marks on top, which the next one must not replace.
    if (!step || step === before || step.tool !== CUT) return;
    this.#lastCut = { step, label };
    this.#read = marks;
  }

  /** Take all scribbles away; the next ones begin something new. */
  clearScribbles(): void {
    this.#desk.scribbles.set([]);
    this.#lastCut = null;
    this.#read = 0;
  }

  /** Take the last scribble away, unless grow-cut has read it. Returns false when there is none to take. */
  takeScribbleBack(): boolean {
    const { scribbles } = this.#desk;
    const marks = scribbles.get();
    if (marks.length <= this.#read) return false;
    scribbles.set(marks.slice(0, -1));
    return true;
  }

  /** Stop what is running. Nothing of it is kept. */
  cancel(): void {
    this.#abort?.abort(new DOMException("Cancelled.", "AbortError"));
  }

  #situation(): Situation {
    const { work, settings, view } = this.#desk;
    const { editor, given, guides } = work;
    const previous = guides.outlines.includes("previous") ? () => guides.previous() : null;
    return { editor, settings: settings.get(), view: view.get(), given, previous };
  }

  async #try(prepare: () => Promise<Task | string>): Promise<void> {
    const { hint } = this.#desk;
    this.outcome.set(null);
    const refusal = this.#refusal();
    if (refusal) {
      hint.set(refusal);
      return;
    }
    hint.set(null);
    const abort = new AbortController();
    this.#abort = abort;
    this.running.set({ name: "Preparing", part: null });
    try {
      const task = await prepare();
      if (typeof task === "string") hint.set(task);
      else await this.#do(task, abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) hint.set(error instanceof Error ? error.message : String(error));
    } finally {
      this.#abort = null;
      this.running.set(null);
      if (hint.get() === this.#wait) hint.set(null);
    }
  }

  /** True while other labels are on screen or another window has the case. */
  #isClosedToEdits(): boolean {
    return this.#desk.elsewhere !== null || this.#desk.work.editor.state.get().readOnly;
  }

  #refusal(): string | null {
    const { elsewhere, busy } = this.#desk;
    if (elsewhere) return elsewhere;
    const running = this.running.get();
    if (running) {
      this.#wait = `${running.name} is still running. Wait, or cancel it.`;
      return this.#wait;
    }
    if (busy) return "Finish the stroke first.";
    return this.#desk.work.editor.state.get().readOnly ? "This case is open in another window." : null;
  }

  async #do(task: Task, signal: AbortSignal): Promise<void> {
    const { hint } = this.#desk;
    const { editor } = this.#desk.work;
    const { active, locked } = editor.state.get();
    const permission = this.#permission();
    if (typeof permission === "string") return hint.set(permission);
    if (task.needsActive && locked.has(active.key)) return hint.set(`${active.name} is locked.`);
    this.running.set({ name: task.name, part: null });
    const watched = watchLabels(editor);
    try {
      const wanted = await this.#ask(task, { layer: active.layerIndex, signal });
      if (signal.aborted) return;
      if (watched.changed() || this.#desk.busy || this.#isClosedToEdits()) {
        return hint.set(`The labels changed while “${task.name}” ran, so it did nothing. Run it again.`);
      }
      this.#keep(task, wanted, { active, permission });
      if (task.goTo) this.#desk.reveal(task.goTo);
    } finally {
      watched.stop();
    }
  }

  #ask(
    { name, job, replaces }: Task,
    { layer, signal }: { layer: number; signal: AbortSignal },
  ): Promise<PackedEdit> {
    const { grid, store } = this.#desk.work.editor;
    const labels = replaces ? without(store.layer(layer), replaces.edit) : store.layer(layer);
    const scene = { grid, layer, packed: packLabels(labels) };
    const watch = { signal, onProgress: (part: number) => this.running.set({ name, part }) };
    return job.kind === "operation"
      ? this.#worker.run("operation", { ...scene, operation: job.operation }, watch)
      : this.#worker.run("between slices", { ...scene, label: job.label, axis: job.axis }, watch);
  }

  #permission(): Permission | string {
    const limits = this.#desk.limits.current();
    if (typeof limits === "string") return limits;
    const { over, overLabels } = this.#desk.settings.get();
    return { over, overLabels, limits };
  }

  #keep(
    task: Task,
    wanted: PackedEdit,
    { active, permission }: { active: EditorLabel; permission: Permission },
  ): void {
    const { hint, work } = this.#desk;
    const { editor } = work;
    // The journal keeps the order of what follows at once; the next operation need not wait for the disk.
    if (task.replaces) void editor.undo();
    const { edit, refused } = admit(wanted, editor.rule(active, permission));
    if (edit.count === 0) {
      if (task.replaces) void editor.redo();
      hint.set(refused > 0 ? keptBack(refused) : task.nothing);
      return;
    }
    const { labels } = editor;
    const on = task.needsActive ? active : null;
    void editor.apply(edit, { name: stepName(task.name, { edit, on, labels }), tool: task.tool });
    this.outcome.set(outcomeOf(edit, { labels, refused }));
  }

  #cutTask(replaces: Step | null): Task | string {
    const { work, settings, view, scribbles } = this.#desk;
    const marks = scribbles.get();
    const kinds = new Set(marks.map(({ foreground }) => foreground));
    if (kinds.size < 2) return "Mark both: drag on the lesion, Shift + drag on what is not.";
    const { grid } = work.editor;
    const { cutMarginMm, cutSequences } = settings.get();
    const box = boxOfScribbles(grid, marks, cutMarginMm);
    const shown = work.images.sequences
      .get()
      .filter(({ info }) => cutSequences === "all" || info.sequence === view.get().sequence);
    const pictures = shown.flatMap(({ picture }) => (picture ? [picture] : []));
    if (!box || pictures.length < shown.length || pictures.length === 0)
      return "The images are still loading.";
    const cut = {
      shape: [box.high[0] - box.low[0] + 1, box.high[1] - box.low[1] + 1, box.high[2] - box.low[2] + 1],
      channels: pictures.map(({ intensities }) => channelIn(intensities, grid.shape, box)),
      marks: marksIn(grid, box, marks),
    } as const;
    const label = work.editor.state.get().active.value;
    return {
      name: "Grow-cut",
      tool: CUT,
      job: { kind: "operation", operation: { kind: "grow-cut", label, box, cut } },
      needsActive: true,
      nothing: "The marks enclose nothing new.",
      ...(replaces ? { replaces } : {}),
    };
  }
}

const CUT = "grow-cut";

/** Know whether any label changed since. */
function watchLabels(editor: Editor): { changed: () => boolean; stop: () => void } {
  let changed = false;
  const stop = editor.store.subscribe(() => {
    changed = true;
  });
  return { changed: () => changed, stop };
}
