/** Every key of the workbench, in one table: what the help sheet shows is what the keyboard does. */

import { Cell } from "./cell";

/** What a key can do. */
export type Action =
  | "tool.navigate"
  | "tool.brush"
  | "tool.eraser"
  | "tool.threshold"
  | "tool.lasso"
  | "tool.grow"
  | "tool.part"
  | "tool.scribble"
  | "brush.smaller"
  | "brush.larger"
  | "brush.shape"
  | "paint.here"
  | "erase.here"
  | "label.pick"
  | "edit.undo"
  | "edit.redo"
  | "edit.corner"
  | "edit.cancel"
  | "edit.close"
  | "fill.slices"
  | "fill.holes"
  | "copy.next"
  | "copy.previous"
  | "operation.apply"
  | "slice.next"
  | "slice.previous"
  | "slice.next10"
  | "slice.previous10"
  | "move.left"
  | "move.right"
  | "move.up"
  | "move.down"
  | "view.zoomIn"
  | "view.zoomOut"
  | "view.left"
  | "view.right"
  | "view.up"
  | "view.down"
  | "view.reset"
  | "view.maximise"
  | "window.wider"
  | "window.narrower"
  | "window.brighter"
  | "window.darker"
  | "mask.hide"
  | "mask.style"
  | "sequence.next"
  | "lesion.next"
  | "lesion.previous"
  | "layout.compare"
  | "layout.surface"
  | "panel.score"
  | "panel.comments"
  | "panel.versions"
  | "comment.here"
  | "pause"
  | "save.now"
  | "submit"
  | "help";

/** One line of the table. */
export interface Binding {
  readonly action: Action;
  readonly group: "Tools" | "Editing" | "Slices and view" | "Case";
  readonly title: string;
  readonly keys: readonly string[];
}

export const BINDINGS: readonly Binding[] = [
  { action: "tool.navigate", group: "Tools", title: "Navigate: move the cross", keys: ["v"] },
  { action: "tool.brush", group: "Tools", title: "Brush", keys: ["b"] },
  { action: "tool.eraser", group: "Tools", title: "Eraser", keys: ["e"] },
  { action: "tool.threshold", group: "Tools", title: "Threshold brush", keys: ["t"] },
  { action: "tool.lasso", group: "Tools", title: "Lasso and polygon", keys: ["l"] },
  { action: "tool.grow", group: "Tools", title: "Grow from a click", keys: ["g"] },
  { action: "tool.part", group: "Tools", title: "Part: act on a connected part", keys: ["p"] },
  { action: "tool.scribble", group: "Tools", title: "Grow-cut from marks", keys: ["k"] },
  { action: "brush.smaller", group: "Tools", title: "Smaller radius", keys: ["["] },
  { action: "brush.larger", group: "Tools", title: "Larger radius", keys: ["]"] },
  { action: "brush.shape", group: "Tools", title: "Disc or sphere", keys: ["d"] },
  { action: "edit.undo", group: "Editing", title: "Undo", keys: ["Ctrl+z"] },
  { action: "edit.redo", group: "Editing", title: "Redo", keys: ["Ctrl+Shift+z", "Ctrl+y"] },
  {
    action: "edit.corner",
    group: "Editing",
    title: "Take back the polygon's last corner",
    keys: ["Backspace", "Delete"],
  },
  { action: "edit.cancel", group: "Editing", title: "Give up the gesture", keys: ["Escape"] },
  { action: "edit.close", group: "Editing", title: "Close the polygon, run grow-cut", keys: ["Enter"] },
  { action: "fill.slices", group: "Editing", title: "Fill between slices", keys: ["i"] },
  { action: "fill.holes", group: "Editing", title: "Fill holes", keys: ["f"] },
  {
    action: "copy.next",
    group: "Editing",
    title: "Copy the label to the next slice",
    keys: ["Shift+ArrowUp"],
  },
  {
    action: "copy.previous",
    group: "Editing",
    title: "Copy the label to the previous slice",
    keys: ["Shift+ArrowDown"],
  },
  { action: "operation.apply", group: "Editing", title: "Apply the chosen operation", keys: ["a"] },
  { action: "paint.here", group: "Editing", title: "Use the tool at the cross", keys: ["Space"] },
  { action: "erase.here", group: "Editing", title: "Erase at the cross", keys: ["Shift+Space"] },
  { action: "label.pick", group: "Editing", title: "Take the label under the cross", keys: ["u"] },
  { action: "mask.hide", group: "Slices and view", title: "Hide or show the mask", keys: ["h"] },
  { action: "mask.style", group: "Slices and view", title: "Area, outline or both", keys: ["o"] },
  { action: "slice.next", group: "Slices and view", title: "Next slice", keys: ["ArrowUp"] },
  { action: "slice.previous", group: "Slices and view", title: "Previous slice", keys: ["ArrowDown"] },
  { action: "slice.next10", group: "Slices and view", title: "Ten slices on", keys: ["PageUp"] },
  { action: "slice.previous10", group: "Slices and view", title: "Ten slices back", keys: ["PageDown"] },
  { action: "move.left", group: "Slices and view", title: "Cross one voxel left", keys: ["Alt+ArrowLeft"] },
  {
    action: "move.right",
    group: "Slices and view",
    title: "Cross one voxel right",
    keys: ["Alt+ArrowRight"],
  },
  { action: "move.up", group: "Slices and view", title: "Cross one voxel up", keys: ["Alt+ArrowUp"] },
  { action: "move.down", group: "Slices and view", title: "Cross one voxel down", keys: ["Alt+ArrowDown"] },
  { action: "sequence.next", group: "Slices and view", title: "Next sequence", keys: ["s"] },
  { action: "lesion.next", group: "Slices and view", title: "Next lesion", keys: ["n"] },
  { action: "lesion.previous", group: "Slices and view", title: "Previous lesion", keys: ["Shift+n"] },
  {
    action: "layout.compare",
    group: "Slices and view",
    title: "Two sequences side by side, four, or none",
    keys: ["c"],
  },
  { action: "layout.surface", group: "Slices and view", title: "Surface in 3-D", keys: ["x"] },
  { action: "view.zoomIn", group: "Slices and view", title: "Zoom in", keys: ["+", "="] },
  { action: "view.zoomOut", group: "Slices and view", title: "Zoom out", keys: ["-"] },
  {
    action: "view.left",
    group: "Slices and view",
    title: "Shift the picture left",
    keys: ["Ctrl+ArrowLeft"],
  },
  {
    action: "view.right",
    group: "Slices and view",
    title: "Shift the picture right",
    keys: ["Ctrl+ArrowRight"],
  },
  { action: "view.up", group: "Slices and view", title: "Shift the picture up", keys: ["Ctrl+ArrowUp"] },
  {
    action: "view.down",
    group: "Slices and view",
    title: "Shift the picture down",
    keys: ["Ctrl+ArrowDown"],
  },
  { action: "view.reset", group: "Slices and view", title: "Whole image", keys: ["r"] },
  { action: "view.maximise", group: "Slices and view", title: "One plane large, or all three", keys: ["m"] },
  { action: "window.wider", group: "Slices and view", title: "Wider window", keys: ["w"] },
  { action: "window.narrower", group: "Slices and view", title: "Narrower window", keys: ["Shift+w"] },
  { action: "window.brighter", group: "Slices and view", title: "Brighter picture", keys: ["."] },
  { action: "window.darker", group: "Slices and view", title: "Darker picture", keys: [","] },
  { action: "panel.score", group: "Case", title: "Edit or score", keys: ["q"] },
  { action: "comment.here", group: "Case", title: "Comment at the cross", keys: ["Shift+c"] },
  { action: "panel.comments", group: "Case", title: "Comments, and back", keys: ["Shift+q"] },
  { action: "panel.versions", group: "Case", title: "Versions, and back", keys: ["Shift+v"] },
  { action: "pause", group: "Case", title: "Pause", keys: ["Shift+p"] },
  { action: "save.now", group: "Case", title: "Send the draft now", keys: ["Ctrl+s"] },
  { action: "submit", group: "Case", title: "Submit", keys: ["Ctrl+Enter"] },
  { action: "help", group: "Case", title: "This sheet", keys: ["?"] },
];

/** What is not a single key: shown on the help sheet, handled where it happens. */
export const GESTURES: readonly { readonly title: string; readonly keys: string }[] = [
  { title: "Choose a label", keys: "1 … 9" },
  { title: "Choose a sequence", keys: "Shift + 1 … 9" },
  { title: "Erase while held", keys: "Shift + drag" },
  { title: "Move the cross with any tool", keys: "Ctrl + click" },
  { title: "Take the label under the pointer", keys: "Alt + click" },
  { title: "Window and level", keys: "right drag" },
  { title: "Shift the picture", keys: "middle drag" },
  { title: "Slices", keys: "wheel" },
  { title: "Zoom", keys: "Ctrl + wheel" },
  { title: "Brush radius", keys: "Shift + wheel" },
];

/** The parts of a keyboard event that name a key. */
export type KeyPress = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** Return the name of a key press as the table spells it. Command on a Mac counts as Ctrl. */
export function keyName({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): string {
  const named = key === " " ? "Space" : key.length === 1 ? key.toLowerCase() : key;
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase() && key !== " ";
  const parts = [
    ctrlKey || metaKey ? "Ctrl" : null,
    altKey ? "Alt" : null,
    shiftKey && !isSign ? "Shift" : null,
    named,
  ];
  return parts.filter((part) => part !== null).join("+");
}

/** Keys by action that a person chose in place of those of the table; none: the action has no key. */
export type OwnKeys = Readonly<Record<string, readonly string[]>>;

/** The keys of the person at the screen. */
export const ownKeys = new Cell<OwnKeys>({});

const DEFAULTS = new Map(BINDINGS.map(({ action, keys }) => [action, keys]));

/**
 * Return the keys of an action, the person's own before those of the table. A key of the table that the person gave to
 * another action is not among them: it may have been free then. Escape gives up whatever else does.
 */
export function keysOf(action: Action): readonly string[] {
  const own = ownKeys.get();
  const given = new Set(Object.values(own).flat());
  const keys = own[action] ?? DEFAULTS.get(action)?.filter((key) => !given.has(key)) ?? [];
  return action === "edit.cancel" && !keys.includes("Escape") ? [...keys, "Escape"] : keys;
}

/** Return what a key press does, or null. */
export function actionOf(press: KeyPress): Action | null {
  const name = keyName(press);
  return BINDINGS.find(({ action }) => keysOf(action).includes(name))?.action ?? null;
}

/** Return the first key of an action, as people read it. */
export function keyOf(action: Action): string {
  return readable(keysOf(action)[0] ?? "no key");
}

/** Return a key as people read it. */
export function readable(key: string): string {
  const parts = key.length === 1 ? [key] : key.split(/\+(?=.)/);
  return parts.map((part) => SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(" ");
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
};

/** Return the digit 1 to 9 of a key press and whether Shift was held, also on keyboards where Shift gives signs. */
export function digitOf(event: Pick<KeyboardEvent, "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): {
  digit: number;
  shift: boolean;
} | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const match = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  return match ? { digit: Number(match[1]), shift: event.shiftKey } : null;
}

/** True where typing belongs to a field and not to the workbench. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.tagName === "TEXTAREA" ||
    (target.tagName === "INPUT" && isTextInput(target))
  );
}

/** A choice from a list is an input in which nothing can be written: letters stay the workbench's. */
function isTextInput(target: HTMLElement): boolean {
  const { type, readOnly } = target as HTMLInputElement;
  return !readOnly && type !== "checkbox" && type !== "radio" && type !== "range";
}
