/** Keys of one's own: given, taken over, taken back; what the table says holds for the rest. */
import { afterEach, expect, test } from "vitest";
import { adoptKeys, assigned, conflictOf, isFree, isWholeKey, restored } from "@/workbench/keymap";
import { actionOf, BINDINGS, keyName, keyOf, keysOf, ownKeys } from "@/workbench/keys";

const press = (key: string, more = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

afterEach(() => ownKeys.set({}));

test("a free key is given, and the one of before does nothing", () => {
  ownKeys.set(assigned({}, "tool.brush", "Ctrl+b"));
  expect(actionOf(press("b", { ctrlKey: true }))).toBe("tool.brush");
  expect(actionOf(press("b"))).toBeNull();
  expect(keyOf("tool.brush")).toBe("Ctrl B");
});

test("a key that is taken over is told, and its holder is left without", () => {
  expect(conflictOf("tool.brush", "e")?.action).toBe("tool.eraser");
  ownKeys.set(assigned({}, "tool.brush", "e"));
  expect(actionOf(press("e"))).toBe("tool.brush");
  expect(keysOf("tool.eraser")).toEqual([]);
  expect(keyOf("tool.eraser")).toBe("no key");
});

test("of two keys the one that stays is kept", () => {
  ownKeys.set(assigned({}, "tool.brush", "Ctrl+y"));
  expect(keysOf("edit.redo")).toEqual(["Ctrl+Shift+z"]);
});

test("taking a key back gives every action its own again", () => {
  const swapped = assigned(assigned({}, "tool.brush", "e"), "tool.eraser", "b");
  ownKeys.set(restored(swapped, "tool.brush"));
  expect(keysOf("tool.brush")).toEqual(["b"]);
  expect(keysOf("tool.eraser")).toEqual([]);
  ownKeys.set(restored(ownKeys.get(), "tool.eraser"));
  expect(ownKeys.get()).toEqual({});
});

test("whatever is given and restored, no key ever does two things", () => {
  const random = mulberry(7);
  const keys = [...BINDINGS.flatMap((binding) => binding.keys), "x", "Ctrl+x", "F2"].filter(isFree);
  for (let n = 0; n < 400; n++) {
    const action = BINDINGS[Math.floor(random() * BINDINGS.length)]?.action ?? "help";
    const key = keys[Math.floor(random() * keys.length)] ?? "x";
    const own = ownKeys.get();
    ownKeys.set(random() < 0.7 ? assigned(own, action, key) : restored(own, action));
    const given = BINDINGS.flatMap((binding) => keysOf(binding.action));
    expect(new Set(given).size).toBe(given.length);
  }
});

test("numbers, Escape and Tab keep their meaning, and a modifier alone is no key", () => {
  expect(["1", "9", "Escape", "Tab"].map(isFree)).toEqual([false, false, false, false]);
  expect(isFree("F2")).toBe(true);
  expect(isWholeKey("Shift")).toBe(false);
});

test("Escape gives up the gesture also beside a key of one's own, and after that one was taken away", () => {
  ownKeys.set(assigned({}, "edit.cancel", "F2"));
  expect([actionOf(press("F2")), actionOf(press("Escape"))]).toEqual(["edit.cancel", "edit.cancel"]);
  ownKeys.set(assigned(ownKeys.get(), "tool.brush", "F2"));
  expect([actionOf(press("F2")), actionOf(press("Escape"))]).toEqual(["tool.brush", "edit.cancel"]);
});

test("the plus key is read whole", () => {
  ownKeys.set(assigned({}, "help", keyName(press("+", { ctrlKey: true }))));
  expect(keyOf("help")).toBe("Ctrl +");
});

test("what the server keeps for actions that are gone, or of keys that nobody can choose, is left out", () => {
  adoptKeys({ "tool.of.yesterday": ["x"], "tool.brush": ["Escape", "x", "1"], "tool.grow": ["g"] });
  expect(ownKeys.get()).toEqual({ "tool.brush": ["x"] });
});

test("a key that a person gave away before the table gave it to a new action stays theirs", () => {
  adoptKeys({ submit: ["u"], "tool.brush": ["."] });
  expect([actionOf(press("u")), actionOf(press("."))]).toEqual(["submit", "tool.brush"]);
  expect([keysOf("label.pick"), keysOf("window.brighter")]).toEqual([[], []]);
  ownKeys.set(restored(ownKeys.get(), "submit"));
  expect(actionOf(press("u"))).toBe("label.pick");
  ownKeys.set(restored(ownKeys.get(), "window.brighter"));
  expect(actionOf(press("."))).toBe("window.brighter");
  expect(keysOf("tool.brush")).toEqual([]);
});

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
