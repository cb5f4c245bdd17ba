/** What the pointer begins, and what may come between: fingers, pens, keys and buttons in the middle of a stroke. */
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { ToolName } from "@/tools";
import { CORNERS, Desk, FIRST, MOUSE, PEN, SECOND, stops, THIRD } from "./desk";

test("one finger draws", async () => {
  const desk = await Desk.open();
  desk.down([60, 100], FIRST);
  desk.move([120, 100], FIRST);
  desk.up([120, 100], FIRST);
  expect(desk.count(2)).toBeGreaterThan(0);
  expect(desk.steps).toEqual(["Brush · Oedema"]);
});

test("a second finger takes back what the first began; both zoom; neither draws until all are lifted", async () => {
  const desk = await Desk.open();
  desk.down([60, 100], FIRST);
  desk.move([80, 100], FIRST);
  expect(desk.count(2)).toBeGreaterThan(0);
  desk.down([120, 100], SECOND);
  expect(desk.count(2)).toBe(0);
  desk.move([170, 100], SECOND);
  expect(desk.bench.camera.get().zoom).toBeGreaterThan(1.5);
  desk.up([170, 100], SECOND);
  desk.move([100, 120], FIRST);
  desk.up([100, 120], FIRST);
  expect(desk.count(2)).toBe(0);
  expect(desk.steps).toEqual([]);
  desk.click([60, 100], FIRST);
  expect(desk.steps).toHaveLength(1);
});

test("a third finger changes nothing, and two that are left of three go on zooming without a jump", async () => {
  const desk = await Desk.open();
  desk.down([60, 100], FIRST);
  desk.down([120, 100], SECOND);
  desk.move([160, 100], SECOND);
  const { zoom } = desk.bench.camera.get();
  desk.down([100, 180], THIRD);
  desk.move([190, 190], THIRD);
  expect(desk.bench.camera.get().zoom).toBe(zoom);
  desk.up([60, 100], FIRST);
  desk.move([189, 190], THIRD);
  expect(desk.bench.camera.get().zoom / zoom).toBeCloseTo(1, 1);
  desk.up([160, 100], SECOND);
  desk.move([20, 20], THIRD);
  desk.up([20, 20], THIRD);
  expect(desk.steps).toEqual([]);
});

test.each<ToolName>(["lasso", "grow", "part", "scribble", "navigate"])(
  "with %s a pinch leaves labels, marks, cross and history as they were",
  async (tool) => {
    const desk = await Desk.open(tool);
    const { position } = desk.bench.view.get();
    desk.down([60, 100], FIRST);
    desk.move([80, 100], FIRST);
    desk.down([120, 100], SECOND);
    desk.move([160, 100], SECOND);
    desk.up([160, 100], SECOND);
    desk.up([80, 100], FIRST);
    await new Promise((resolve) => setTimeout(resolve));
    expect(desk.bench.outline.get()).toBeNull();
    expect(desk.bench.scribbles.get()).toEqual([]);
    expect(desk.bench.view.get().position).toEqual(position);
    expect(desk.steps).toEqual([]);
  },
);

test("an open polygon loses to a pinch only the corner that its first finger set", async () => {
  const desk = await Desk.open("lasso");
  for (const corner of CORNERS) desk.click(corner, FIRST);
  desk.down([60, 160], FIRST);
  desk.move([90, 160], FIRST);
  expect(desk.bench.outline.get()?.points).toHaveLength(5);
  desk.down([120, 160], SECOND);
  desk.move([140, 160], SECOND);
  desk.up([140, 160], SECOND);
  desk.up([90, 160], FIRST);
  expect(desk.bench.outline.get()?.points).toHaveLength(3);
  desk.press("Enter");
  expect(desk.count(2)).toBeGreaterThan(0);
  expect(desk.steps).toEqual(["Lasso · Oedema"]);
});

test("a click on the first corner closes the polygon", async () => {
  const desk = await Desk.open("lasso");
  for (const corner of CORNERS) desk.click(corner);
  desk.click([CORNERS[0]?.[0] ?? 0, 43]);
  expect(desk.steps).toEqual(["Lasso · Oedema"]);
  expect(desk.bench.outline.get()).toBeNull();
});

test("a pointer that the system takes away leaves nothing, and of a polygon all but its corner", async () => {
  const desk = await Desk.open();
  desk.down([60, 100], FIRST);
  desk.move([80, 100], FIRST);
  desk.send("pointercancel", [80, 100], FIRST);
  expect([desk.count(2), desk.steps]).toEqual([0, []]);
  desk.bench.chooseTool("lasso");
  for (const corner of CORNERS) desk.click(corner);
  desk.down([60, 160]);
  desk.send("pointercancel", [60, 160], SECOND);
  expect(desk.bench.outline.get()?.points).toHaveLength(4);
  desk.send("pointercancel", [60, 160]);
  expect(desk.bench.outline.get()?.points).toHaveLength(3);
});

test("while a pen draws, fingers do nothing in any pane", async () => {
  const desk = await Desk.open();
  desk.down([60, 100], PEN);
  for (const pane of [0, 1]) {
    desk.down([20, 20], FIRST, pane);
    desk.down([30, 60], SECOND, pane);
    desk.move([30, 190], SECOND, pane);
  }
  desk.move([120, 100], PEN);
  expect(desk.bench.camera.get().zoom).toBe(1);
  desk.up([120, 100], PEN);
  for (const pane of [0, 1]) {
    desk.move([30, 190], FIRST, pane);
    desk.up([30, 190], FIRST, pane);
    desk.up([30, 190], SECOND, pane);
  }
  expect(desk.steps).toEqual(["Brush · Oedema"]);
});

test("a pen takes over from the palm that came down before it", async () => {
  const desk = await Desk.open();
  desk.down([20, 20], FIRST, 1);
  desk.move([30, 30], FIRST, 1);
  desk.down([60, 100], PEN);
  expect(desk.steps).toEqual([]);
  desk.move([60, 120], PEN);
  desk.up([30, 30], FIRST, 1);
  desk.up([60, 120], PEN);
  expect(desk.steps).toEqual(["Brush · Oedema"]);
});

test.each([MOUSE, PEN, FIRST])(
  "$pointerType: a release that no pane saw ends the stroke at the next press, in any pane",
  async (pointer) => {
    const desk = await Desk.open();
    desk.begin([60, 100], pointer);
    desk.down([60, 140], pointer, 1);
    desk.move([60, 60], pointer);
    expect(desk.steps).toEqual(["Brush · Oedema"]);
    desk.move([120, 140], pointer, 1);
    desk.up([120, 140], pointer, 1);
    expect(desk.steps).toHaveLength(2);
    expect(desk.bench.hand.isBusy).toBe(false);
  },
);

test("fingers draw and zoom nothing until a pen has been away for a second", async () => {
  const desk = await Desk.open();
  const clock = vi.spyOn(performance, "now").mockReturnValue(10_000);
  stops.push(() => clock.mockRestore());
  const palm = () => {
    desk.drag([20, 20], [60, 20], FIRST);
    desk.down([20, 20], FIRST, 1);
    desk.down([30, 60], SECOND, 1);
    desk.move([30, 190], SECOND, 1);
    for (const finger of [FIRST, SECOND]) desk.up([30, 190], finger, 1);
    return [desk.steps.length, desk.bench.camera.get().zoom];
  };
  desk.drag([60, 100], [120, 100], PEN);
  clock.mockReturnValue(10_900);
  expect(palm()).toEqual([1, 1]);
  desk.send("pointermove", [60, 140], { ...PEN, buttons: 0 });
  clock.mockReturnValue(11_800);
  expect(palm()).toEqual([1, 1]);
  clock.mockReturnValue(11_901);
  desk.drag([60, 140], [120, 140], FIRST);
  expect(desk.steps).toHaveLength(2);
});

test("slices can be looked through while a polygon is open, which stays in its own", async () => {
  const desk = await Desk.open("lasso");
  for (const corner of CORNERS) desk.click(corner);
  const { position } = desk.bench.view.get();
  desk.press("ArrowUp");
  desk.press("ArrowUp");
  expect(desk.bench.view.get().position[2]).toBe(position[2] + 2);
  const sample = { position: desk.bench.view.get().position, axis: 2, pressure: 1 } as const;
  expect(desk.bench.corner(sample, "axial")).toBe(false);
  expect(desk.bench.hint.get()).toContain(`axial slice ${position[2] + 1}`);
  desk.press("Enter");
  expect(desk.steps).toEqual(["Lasso · Oedema"]);
});

test("an open polygon keeps its tool, takes the label that is active when it is closed, and has to be closed before submitting", async () => {
  const desk = await Desk.open("lasso");
  for (const corner of CORNERS) desk.click(corner);
  desk.press("b");
  expect(desk.bench.settings.get().tool).toBe("lasso");
  expect(desk.bench.isSettled()).toBe(false);
  desk.press("1");
  desk.editor.toggleLock("ET");
  desk.press("Enter");
  expect([desk.steps, desk.bench.hint.get()]).toEqual([[], "Enhancing tumour is locked."]);
  desk.editor.toggleLock("ET");
  desk.press("Enter");
  expect(desk.steps).toEqual(["Lasso · Enhancing tumour"]);
  expect(desk.bench.isSettled()).toBe(true);
});

test("an open polygon waits while other labels are on screen", async () => {
  const desk = await Desk.open("lasso");
  for (const corner of CORNERS) desk.click(corner);
  desk.bench.scoring.set(true);
  desk.press("Enter");
  desk.click([60, 160]);
  expect([desk.steps, desk.bench.outline.get()?.points.length]).toEqual([[], 3]);
  desk.bench.scoring.set(false);
  desk.press("Enter");
  expect(desk.steps).toHaveLength(1);
});

const pointers = fc.constantFrom(MOUSE, MOUSE, FIRST, SECOND, PEN);
const places = fc.tuple(fc.integer({ min: 60, max: 220 }), fc.integer({ min: 60, max: 140 }));
const happenings = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom("pointerdown", "pointermove", "pointerup"), pointers, places),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constant("pointercancel"), pointers, places) },
  {
    weight: 3,
    arbitrary: fc.tuple(
      fc.constant("key"),
      fc.constantFrom(
        "Ctrl+z",
        "Ctrl+y",
        "Escape",
        "Enter",
        "Delete",
        "1",
        "2",
        "b",
        "e",
        "l",
        "g",
        "k",
        "ArrowUp",
        "s",
        " ",
        "q",
      ),
      places,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom("wheel", "button undo", "history"), fc.constant(""), places),
  },
);

test("whatever is done with pointers and keys at once, nothing raises, and undo of all steps is the start", async () => {
  const desk = await Desk.open();
  const viewer = desk.bench.viewer;
  if (viewer) await desk.bench.work.images.load(viewer, []);
  const start = desk.editor.store.concatenate();
  await fc.assert(
    fc.asyncProperty(fc.array(happenings, { minLength: 10, maxLength: 60 }), async (all) => {
      desk.bench.settings.patch({ tool: "brush" });
      desk.drag([80, 80], [120, 120]);
      for (const [what, with_, place] of all) {
        if (what === "pointerdown") desk.begin(place, with_ as PointerEventInit);
        else if (typeof with_ !== "string") desk.send(what, place, with_);
        else if (what === "key")
          desk.press(with_.replace("Ctrl+", ""), { ctrlKey: with_.startsWith("Ctrl+") });
        else if (what === "wheel") desk.wheel(place);
        else if (what === "history") await desk.editor.goTo(Math.floor(desk.editor.history.steps.length / 2));
        else await desk.bench.undo();
      }
      for (const pointer of [MOUSE, FIRST, SECOND, PEN]) desk.up([60, 60], pointer);
      desk.bench.cancel();
      desk.bench.operations.cancel(); // Grow works beside the page, and may still be at it
      await vi.waitFor(() => expect(desk.bench.operations.running.get()).toBeNull());
      await desk.editor.goTo(0);
      expect(desk.editor.store.concatenate()).toEqual(start);
      expect(desk.bench.hand.isBusy).toBe(false);
    }),
    { numRuns: 100 },
  );
}, 60_000);
