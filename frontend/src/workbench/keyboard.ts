/** From key presses to the bench. One listener on the window; fields keep their own keys. */
import { axesIn, NORMAL, type Plane, type Viewer } from "@/viewer";
import type { Bench, Side } from "./bench";
import { type Action, actionOf, digitOf, isTyping } from "./keys";
import type { Scoring } from "./scoring";
import { raised, widened } from "./windows";

/** What the keyboard can ask of the page around the bench. */
export interface PageActions {
  readonly submit: () => void;
  readonly help: () => void;
}

/** Listen until the returned function is called. */
export function listenToKeys(bench: Bench, scoring: Scoring, page: PageActions): () => void {
  const commands = commandsOf(bench, scoring, page);
  const listen = (event: KeyboardEvent) => {
    if (isTyping(event.target) || isInDialog(event.target)) return;
    if (pressDigit(bench, scoring, event) || pressAnswer(bench, scoring, event)) {
      event.preventDefault();
      return;
    }
    const action = actionOf(event);
    if (!action || (bench.busy && !WHILE_DRAWING.has(action)) || isControl(event)) return;
    event.preventDefault();
    commands[action]();
  };
  window.addEventListener("keydown", listen);
  const stop = followPointer();
  return () => {
    stop();
    window.removeEventListener("keydown", listen);
  };
}

/** While the pointer draws, only what cannot tear that; undo ends it first. */
const WHILE_DRAWING = new Set<Action>([
  "edit.cancel",
  "edit.undo",
  "brush.smaller",
  "brush.larger",
  "mask.hide",
]);

/**
 * Space, Enter and arrows belong to a button, slider or choice that was gone to by keyboard, and to an open list. After
 * a click they are the picture's again: whoever set the radius with the mouse turns slices with the arrows.
 */
function isControl({ key, target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const own = key === " " || key === "Enter" || key.startsWith("Arrow") || key.startsWith("Page");
  const control = target.closest("button, a, input, select, [role=slider], [role=menu]");
  return own && control !== null && !wasClicked(target);
}

let clicked: EventTarget | null = null;

/** True for what has the focus because of the pointer; lists need the arrows all the same. */
export function wasClicked(target: HTMLElement): boolean {
  return target === clicked && target.closest("select, [aria-haspopup], [role=menu]") === null;
}

/** Remember what got the focus by the pointer, until the focus moves on. */
function followPointer(): () => void {
  const abort = new AbortController();
  const listen = { signal: abort.signal, capture: true };
  let byPointer = false;
  const press = ({ target }: PointerEvent) => {
    byPointer = true;
    const { activeElement } = document;
    if (target instanceof Node && activeElement?.contains(target)) clicked = activeElement;
  };
  window.addEventListener("pointerdown", press, listen);
  const byKey = () => {
    byPointer = false;
  };
  const focus = ({ target }: FocusEvent) => {
    clicked = byPointer ? target : null;
  };
  window.addEventListener("keydown", byKey, listen);
  window.addEventListener("focusin", focus, listen);
  return () => abort.abort();
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("[role=dialog]") !== null;
}

function pressDigit(bench: Bench, scoring: Scoring, event: KeyboardEvent): boolean {
  const pressed = digitOf(event);
  if (!pressed) return false;
  if (bench.busy) return true;
  if (pressed.shift) {
    const series = bench.work.assignment.series[pressed.digit - 1];
    if (series) bench.showSequence(series.sequence);
    return true;
  }
  if (bench.scoring.get()) return scoring.press(String(pressed.digit));
  const label = bench.work.editor.labels[pressed.digit - 1];
  if (label) bench.work.editor.select(label.key);
  return true;
}

function pressAnswer(bench: Bench, scoring: Scoring, event: KeyboardEvent): boolean {
  if (!bench.scoring.get() || event.ctrlKey || event.metaKey || event.altKey) return false;
  return scoring.press(event.key);
}

function commandsOf(bench: Bench, scoring: Scoring, page: PageActions): Record<Action, () => void> {
  const { saver } = bench.work;
  const plane = () => bench.view.get().plane;
  return {
    "tool.navigate": () => bench.chooseTool("navigate"),
    "tool.brush": () => bench.chooseTool("brush"),
    "tool.eraser": () => bench.chooseTool("eraser"),
    "tool.threshold": () => bench.chooseTool("threshold"),
    "tool.lasso": () => bench.chooseTool("lasso"),
    "tool.grow": () => bench.chooseTool("grow"),
    "tool.part": () => bench.chooseTool("part"),
    "tool.scribble": () => bench.chooseTool("scribble"),
    "fill.slices": () => void bench.operations.run("between slices"),
    "fill.holes": () => void bench.operations.run("fill holes"),
    "copy.next": () => void bench.operations.run("copy to next"),
    "copy.previous": () => void bench.operations.run("copy to previous"),
    "operation.apply": () => void bench.operations.run(bench.settings.get().operation),
    "brush.smaller": () => bench.resize(-1),
    "brush.larger": () => bench.resize(1),
    "brush.shape": () =>
      bench.settings.patch({ shape: bench.settings.get().shape === "disc" ? "sphere" : "disc" }),
    "paint.here": () => void bench.useHere(),
    "erase.here": () => void bench.useHere({ erase: true }),
    "edit.undo": () => void bench.undo(),
    "edit.corner": () => {
      if (bench.polygon) bench.takeBack();
    },
    "edit.redo": () => void bench.redo(),
    "edit.cancel": () => {
      bench.cancel();
      bench.operations.cancel();
    },
    "edit.close": () => void bench.complete(),
    "label.pick": () => bench.pick(bench.view.get().position),
    "slice.next": () => stepSlices(bench, 1),
    "slice.previous": () => stepSlices(bench, -1),
    "slice.next10": () => stepSlices(bench, 10),
    "slice.previous10": () => stepSlices(bench, -10),
    "move.left": () => moveOnScreen(bench, -1, 0),
    "move.right": () => moveOnScreen(bench, 1, 0),
    "move.up": () => moveOnScreen(bench, 0, -1),
    "move.down": () => moveOnScreen(bench, 0, 1),
    "view.zoomIn": () => bench.zoom(1.25),
    "view.zoomOut": () => bench.zoom(0.8),
    "view.left": () => shiftOnScreen(bench, -1, 0),
    "view.right": () => shiftOnScreen(bench, 1, 0),
    "view.up": () => shiftOnScreen(bench, 0, -1),
    "view.down": () => shiftOnScreen(bench, 0, 1),
    "window.wider": () => bench.setWindow(widened(bench.window, WINDOW_STEP), "exact"),
    "window.narrower": () => bench.setWindow(widened(bench.window, 1 / WINDOW_STEP), "exact"),
    "window.brighter": () => bench.setWindow(raised(bench.window, 1 - WINDOW_STEP), "exact"),
    "window.darker": () => bench.setWindow(raised(bench.window, WINDOW_STEP - 1), "exact"),
    "view.reset": () => bench.resetView(),
    "view.maximise": () => maximise(bench, plane()),
    "mask.hide": () => bench.view.patch({ maskShown: !bench.view.get().maskShown }),
    "mask.style": () => nextStyle(bench),
    "sequence.next": () => nextSequence(bench),
    "lesion.next": () => bench.stepLesion(1),
    "lesion.previous": () => bench.stepLesion(-1),
    "layout.compare": () => compare(bench),
    "layout.surface": () => bench.settings.patch({ surface: !bench.settings.get().surface }),
    "panel.score": () => toggleScoring(bench, scoring),
    "panel.comments": () => toggleSide(bench, scoring, "comments"),
    "panel.versions": () => toggleSide(bench, scoring, "versions"),
    "comment.here": () => bench.commentHere(),
    pause: () => bench.work.clock.paused.set(true),
    "save.now": () => void saver.resume(),
    submit: page.submit,
    help: page.help,
  };
}

/** A press of a key widens the window, or moves it, by a tenth of its width. */
const WINDOW_STEP = 1.1;
/** A press of a key shifts the picture by this part of its pane. */
const SHIFT_STEP = 0.1;

/** Step through slices of the plane in use; the other planes follow the cross. */
function stepSlices(bench: Bench, slices: number): void {
  const { plane } = bench.view.get();
  bench.moveSlices(plane, slices);
  bench.follow([NORMAL[plane]]);
}

/** Shift the picture to a side of the screen. */
function shiftOnScreen(bench: Bench, right: number, down: number): void {
  const tile = tileOfPlane(bench.viewer, bench.view.get().plane);
  if (!tile) return;
  const { left, top, width, height } = tile.rect;
  const [x, y] = [left + width / 2, top + height / 2];
  const from = tile.toVoxel(x, y);
  const to = tile.toVoxel(x + right * SHIFT_STEP * width, y + down * SHIFT_STEP * height);
  bench.shift([to[0] - from[0], to[1] - from[1], to[2] - from[2]]);
}

/** Move the cross one voxel to a side of the screen, whichever way the plane is turned; the picture follows it. */
function moveOnScreen(bench: Bench, right: number, down: number): void {
  const { plane, position } = bench.view.get();
  const tile = tileOfPlane(bench.viewer, plane);
  if (!tile) return;
  const [x, y] = tile.toScreen(position);
  const aim = tile.toVoxel(x + right, y + down);
  const moved: [number, number, number] = [position[0], position[1], position[2]];
  for (const axis of [0, 1, 2] as const) {
    if (axis !== NORMAL[plane]) moved[axis] += Math.sign(Math.round((aim[axis] - position[axis]) * 1e6));
  }
  bench.goTo(moved);
  bench.follow(axesIn(plane));
}

function tileOfPlane(viewer: Viewer | null, plane: Plane) {
  return viewer?.tiles().find((tile) => tile.plane === plane);
}

function maximise(bench: Bench, plane: Plane): void {
  bench.arrange(bench.settings.get().arrangement === "one plane" ? "three planes" : "one plane", plane);
}

/** Two sequences, four, and back to three planes. */
function compare(bench: Bench): void {
  const { arrangement } = bench.settings.get();
  if (arrangement === "two sequences") bench.arrange("four sequences");
  else bench.arrange(arrangement === "four sequences" ? "three planes" : "two sequences");
}

const STYLES = [
  { fill: 0.35, outline: 0.9 },
  { fill: 0, outline: 1 },
  { fill: 0.5, outline: 0 },
] as const;

/** Both, outline only, area only, and round again. */
function nextStyle(bench: Bench): void {
  const { fill, outline } = bench.settings.get();
  const now = fill > 0 && outline > 0 ? 0 : fill > 0 ? 2 : 1;
  bench.settings.patch(STYLES[(now + 1) % STYLES.length] ?? STYLES[0]);
}

function nextSequence(bench: Bench): void {
  const { series } = bench.work.assignment;
  const here = series.findIndex((each) => each.sequence === bench.view.get().sequence);
  const next = series[(here + 1) % series.length];
  if (next) bench.showSequence(next.sequence);
}

function toggleSide(bench: Bench, scoring: Scoring, side: Side): void {
  scoring.leave();
  bench.side.set(bench.side.get() === side ? "edit" : side);
}

function toggleScoring(bench: Bench, scoring: Scoring): void {
  if (!bench.work.assignment.rubric) return;
  if (bench.scoring.get()) scoring.leave();
  else scoring.enter();
}
