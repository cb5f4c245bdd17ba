/** What may come between the beginning and the end of a stroke, and what undo may touch: keys, buttons, other windows. */
import { expect, test, vi } from "vitest";
import { CORNERS, Desk, MOUSE } from "./desk";
import { open } from "./sessions";

test("undo in the middle of a stroke ends it and takes it back; redo has it", async () => {
  const desk = await Desk.open();
  desk.down([60, 100]);
  desk.move([80, 100]);
  desk.press("z", { ctrlKey: true });
  desk.move([160, 100]);
  desk.up([160, 100]);
  expect([desk.count(2), desk.steps]).toEqual([0, []]);
  desk.press("z", { ctrlKey: true, shiftKey: true });
  expect(desk.count(2)).toBeGreaterThan(0);
});

test("undo and Backspace take an open polygon back corner by corner, and no step", async () => {
  const desk = await Desk.open();
  desk.click([60, 60]);
  desk.bench.chooseTool("lasso");
  for (const corner of CORNERS) desk.click(corner);
  desk.press("z", { ctrlKey: true });
  desk.press("Backspace");
  expect(desk.bench.outline.get()?.points).toHaveLength(1);
  desk.press("Delete");
  expect(desk.bench.polygon).toBeNull();
  desk.press("Delete");
  expect(desk.steps).toEqual(["Brush · Oedema"]);
});

test("number, tool and sequence keys wait until the stroke is done", async () => {
  const desk = await Desk.open();
  const { sequence } = desk.bench.view.get();
  desk.down([60, 100]);
  for (const key of ["1", "e", "s", "ArrowUp", "q", "i", "Delete"]) desk.press(key);
  desk.press("2", { shiftKey: true });
  desk.press("Enter", { ctrlKey: true });
  desk.wheel([60, 100]);
  desk.move([120, 100]);
  desk.up([120, 100]);
  expect(desk.steps).toEqual(["Brush · Oedema"]);
  expect(desk.bench.settings.get().tool).toBe("brush");
  expect([desk.bench.view.get().sequence, desk.asked]).toEqual([sequence, []]);
});

test("Escape gives the stroke up, and what follows of the drag draws nothing", async () => {
  const desk = await Desk.open();
  desk.down([60, 100]);
  desk.press("Escape");
  desk.move([120, 100]);
  desk.up([120, 100]);
  expect([desk.count(2), desk.steps]).toEqual([0, []]);
});

test("a step chosen in the history, a version and the questions end the stroke first", async () => {
  const desk = await Desk.open();
  const { scoring } = desk.bench;
  const begin = () => {
    desk.down([60, 100]);
    desk.move([80, 100]);
  };
  const end = () => desk.up([80, 100]);
  begin();
  await desk.editor.goTo(0);
  end();
  expect([desk.count(2), desk.editor.history.steps.length]).toEqual([0, 1]);
  begin();
  await desk.editor.adopt([new Uint8Array(desk.server.start.length)], "Restore");
  end();
  expect(desk.steps).toEqual(["Brush · Oedema", "Restore"]);
  begin();
  scoring.set(true);
  end();
  scoring.set(false);
  expect(desk.steps).toHaveLength(3);
});

test("steps are left alone while scoring and while an older version is on screen", async () => {
  const desk = await Desk.open();
  desk.click([60, 100]);
  const painted = desk.editor.store.concatenate();
  const { scoring, looking } = desk.bench;
  const undoAll = async () => {
    desk.press("z", { ctrlKey: true });
    desk.press("z", { ctrlKey: true, shiftKey: true });
    await desk.bench.undo();
    await desk.bench.goToStep(0);
  };
  scoring.set(true);
  await undoAll();
  expect(desk.editor.store.concatenate()).toEqual(painted);
  expect(desk.bench.hint.get()).toContain("scoring");
  scoring.set(false);
  looking.set({ key: "given", name: "As given", layers: [new Uint8Array(desk.server.start.length)] });
  await undoAll();
  expect(desk.editor.store.concatenate()).toEqual(painted);
  looking.set(null);
  await desk.bench.undo();
  expect(desk.editor.store.concatenate()).toEqual(desk.server.start);
});

test("a window that takes the case over in the middle of a stroke gets that stroke whole", async () => {
  const desk = await Desk.open();
  desk.click([60, 60]);
  desk.begin([60, 140]);
  const painted = desk.editor.store.concatenate();
  const other = await open(desk.server);
  expect(other.phase.get().kind).toBe("held elsewhere");
  await other.takeOver();
  expect(desk.server.draft?.labels).toEqual(painted);
  expect(desk.steps).toHaveLength(2);
  desk.move([200, 140]);
  desk.up([200, 140]);
  expect(desk.editor.store.concatenate()).toEqual(painted);
});

test("erasing with Part takes the clicked part away, whatever the tool is set to", async () => {
  const desk = await Desk.open();
  desk.click([200, 100]);
  const other = desk.count(2);
  desk.click([60, 100]);
  desk.bench.settings.patch({ tool: "part", partAction: "keep" });
  desk.down([60, 100], { ...MOUSE, shiftKey: true });
  desk.up([60, 100], { ...MOUSE, shiftKey: true });
  await vi.waitFor(() => expect(desk.count(2)).toBe(other));
});

test("a draft that is sent in the middle of a stroke holds whole steps; a submission ends the stroke first", async () => {
  const desk = await Desk.open();
  desk.click([60, 60]);
  await vi.waitFor(() => expect(desk.bench.work.saver.status.get().kind).toBe("kept"));
  const before = desk.editor.store.concatenate();
  desk.down([60, 140]);
  desk.move([120, 140]);
  expect(await desk.sent()).toEqual(before);
  desk.press("Escape");
  expect(desk.editor.store.concatenate()).toEqual(before);
  desk.down([60, 140]);
  desk.move([120, 140]);
  const after = desk.editor.store.concatenate();
  await desk.submit();
  expect(desk.server.draft?.labels).toEqual(after);
  expect(desk.server.submissions[0]?.edits.tools).toEqual({ brush: 2 });
});

test("a case that ends in the middle of a stroke keeps that stroke, too", async () => {
  const desk = await Desk.open();
  desk.click([60, 60]);
  desk.begin([60, 140]);
  desk.server.closed = true;
  await desk.bench.work.saver.run();
  await vi.waitFor(() => expect(desk.kept?.steps.length).toBe(2));
});

test("a second window that takes the case over in the middle of a stroke gets none of it", async () => {
  const desk = await Desk.open();
  const before = desk.editor.store.concatenate();
  desk.down([60, 140]);
  desk.move([120, 140]);
  desk.editor.state.patch({ readOnly: true });
  desk.up([120, 140]);
  expect(desk.editor.store.concatenate()).toEqual(before);
});
