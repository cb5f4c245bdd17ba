import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Settings } from "@/workbench/settings";
import { islandVoxels } from "@/workbench/tasks";
import { FakeWorker } from "../fakeWorker";
import { dragIn, press } from "./opened";
import { apply, block, click, count, NX, NY, NZ, PLANE, pixel, show } from "./operating";
import { Server } from "./server";

// The package's browser form loads its WebAssembly over the network; in Node it has its own.
vi.mock("@/worker/contours", async () => {
  const { morphologicalContourInterpolationNode } = await import(
    "@itk-wasm/morphological-contour-interpolation"
  );
  const { interpolationBy } = await import("@/worker/contourFilter");
  return { interpolateContours: interpolationBy(morphologicalContourInterpolationNode as never) };
});

test("an operation is one step with a name and says what it changed; undo takes it back whole", async () => {
  const { viewer, start } = await show((labels) => block(labels, 1, [5, 5, 2], [8, 8, 3]), {
    operation: "dilate",
    marginMm: 1,
  });
  apply();
  await screen.findByText("Enhancing tumour: 32 voxels more, 0 fewer.");
  expect(await screen.findByText("Dilate · Enhancing tumour")).toBeTruthy();
  expect(count(viewer.labels, 1)).toBe(64);
  press("z", { ctrlKey: true });
  await waitFor(() => expect(viewer.labels).toEqual(start));
});

test("paint over and locks hold for operations, and the page says what they kept back", async () => {
  const { viewer } = await show(
    (labels) => {
      block(labels, 1, [5, 5, 2], [8, 8, 2]);
      block(labels, 2, [9, 5, 2], [9, 8, 2]);
    },
    { operation: "dilate", marginMm: 1 },
  );
  fireEvent.click(screen.getByRole("button", { name: "Lock Oedema" }));
  apply();
  await screen.findByText("Enhancing tumour: 12 voxels more, 0 fewer. 4 were kept back by locks or limits.");
  expect(count(viewer.labels, 2)).toBe(4);
  fireEvent.click(screen.getByRole("button", { name: "Lock Enhancing tumour" }));
  apply();
  await screen.findByText("Enhancing tumour is locked.");
});

test("the lasso reverts what it goes round to the mask as given, and nothing beside it", async () => {
  const { viewer } = await show((labels) => block(labels, 1, [5, 5, 2], [8, 8, 2]), {
    operation: "remove islands",
    islandsBelow: 999,
    islandsUnit: "voxels",
    lassoAction: "revert",
  });
  apply();
  await waitFor(() => expect(count(viewer.labels, 1)).toBe(0));
  press("l");
  const corners: readonly (readonly [number, number])[] = [
    [4.4, 4.4],
    [6.4, 4.4],
    [6.4, 12],
    [4.4, 12],
  ];
  for (const [x, y] of corners) click(...pixel(x, y));
  press("Enter");
  expect(await screen.findByText("Revert area · Enhancing tumour")).toBeTruthy();
  expect(count(viewer.labels, 1)).toBe(8);
  press("z", { ctrlKey: true });
  await waitFor(() => expect(count(viewer.labels, 1)).toBe(0));
});

test("slices between drawn ones are filled by a key", async () => {
  const { viewer } = await show((labels) => {
    block(labels, 1, [5, 5, 1], [9, 9, 1]);
    block(labels, 1, [5, 5, 4], [9, 9, 4]);
  });
  press("i");
  await screen.findByText("Enhancing tumour: 50 voxels more, 0 fewer.");
  expect(count(viewer.labels, 1)).toBe(100);
  press("i");
  await screen.findByText(/has no empty slice between two drawn ones/);
});

test("a label is copied to the next slice, where the cross goes too", async () => {
  const { viewer } = await show((labels) => block(labels, 1, [5, 5, 2], [8, 8, 2]));
  expect(viewer.position[2]).toBe(2);
  press("ArrowUp", { shiftKey: true });
  await waitFor(() => expect(viewer.position[2]).toBe(3));
  press("ArrowUp", { shiftKey: true });
  await waitFor(() => expect(viewer.position[2]).toBe(4));
  expect(count(viewer.labels, 1)).toBe(48);
});

test("a click with the part tool relabels, keeps, removes or reverts the connected part", async () => {
  const { viewer, start } = await show(
    (labels) => {
      block(labels, 1, [3, 5, 2], [5, 8, 2]);
      block(labels, 1, [12, 5, 2], [14, 8, 2]);
      block(labels, 2, [12, 14, 2], [14, 15, 2]);
    },
    { tool: "part", partAction: "relabel" },
  );
  press("2");
  click(...pixel(4, 6));
  await waitFor(() => expect(count(viewer.labels, 2)).toBe(18));
  choosePart("Revert it to the mask as given");
  click(...pixel(4, 6));
  await waitFor(() => expect(viewer.labels).toEqual(start));
  press("1");
  choosePart("Keep it, remove the label's others");
  click(...pixel(13, 6));
  await waitFor(() => expect(count(viewer.labels, 1)).toBe(12));
  expect(viewer.labels?.[4 + 6 * NX + 2 * PLANE]).toBe(0);
  choosePart("Remove it");
  click(...pixel(13, 14));
  await waitFor(() => expect(count(viewer.labels, 2)).toBe(0));
  click(...pixel(1, 1));
  await screen.findByText("There is no label here.");
});

function choosePart(action: string): void {
  fireEvent.click(screen.getByRole("combobox", { name: "A click on a connected part" }));
  fireEvent.click(screen.getByRole("option", { name: action, hidden: true }));
}

test("the other mask of a boolean operation is a label or region, now or as given", async () => {
  const { viewer, start } = await show(
    (labels) => {
      block(labels, 1, [3, 3, 1], [6, 6, 1]);
      block(labels, 2, [10, 3, 1], [12, 6, 1]);
    },
    { operation: "combine", combineHow: "union", combineWith: "ED" },
  );
  apply();
  await screen.findByText("Add Oedema · Enhancing tumour");
  expect(count(viewer.labels, 1)).toBe(28);
  fireEvent.click(screen.getByText("Subtract", { selector: "span, label" }));
  fireEvent.click(screen.getByRole("combobox", { name: "The other mask" }));
  fireEvent.click(screen.getByRole("option", { name: "Oedema as given", hidden: true }));
  apply();
  await screen.findByText("Subtract Oedema as given · Enhancing tumour");
  expect(count(viewer.labels, 1)).toBe(count(start, 1));
  expect(count(viewer.labels, 2)).toBe(0);
});

test("around the tumour: FLAIR hyperintensity of one layer without the tumour of another", async () => {
  const server = new Server();
  server.layers = 2;
  const { start } = await show(
    (labels) => {
      block(labels, 1, [5, 5, 2], [8, 8, 2]);
      block(labels, 2, [9, 5, 2], [9, 8, 2]);
      block(labels.subarray(NX * NY * NZ), 2, [3, 3, 2], [12, 12, 2]);
    },
    { operation: "combine", combineHow: "subtract", combineWith: "region WT" },
    server,
  );
  press("3");
  apply();
  await screen.findByText("Subtract Whole tumour · Label 0");
  await screen.findByText("Label 0: 0 voxels more, 20 fewer.");
  press("s", { ctrlKey: true });
  await waitFor(() => expect(server.draft).not.toBeNull());
  const whole = NX * NY * NZ;
  const sent = server.draft?.labels ?? new Uint8Array();
  expect(sent.subarray(0, whole)).toEqual(start.subarray(0, whole));
  sent.subarray(whole).forEach((value, i) => {
    expect(value).toBe(start[i] ? 0 : start[whole + i]);
  });
});

test("the mask of the previous exam can be combined with where the study shows it, and only there", async () => {
  const server = new Server();
  block(server.previous, 1, [5, 5, 2], [6, 8, 2]);
  server.guides = {
    outlines: [{ kind: "previous", labels: "mask of the previous exam" }],
    probabilities: [],
  };
  const settings: Partial<Settings> = {
    operation: "combine",
    combineHow: "intersect",
    combineWith: "previous ET",
  };
  const draw = (labels: Uint8Array) => block(labels, 1, [5, 5, 2], [8, 8, 2]);
  const { viewer } = await show(draw, settings, server);
  apply();
  await screen.findByText("Keep inside Enhancing tumour in the previous exam · Enhancing tumour");
  expect(count(viewer.labels, 1)).toBe(8);
  cleanup();

  const blind = await show(draw, settings);
  apply();
  await screen.findByText("Choose the other mask first.");
  fireEvent.click(screen.getByRole("combobox", { name: "The other mask" }));
  expect(screen.queryByRole("option", { name: /previous exam/, hidden: true })).toBeNull();
  expect(blind.server.addresses).not.toContain("mask of the previous exam");
});

test("an intensity range keeps the brush, too, to its voxels", async () => {
  const { viewer } = await show(() => undefined, { tool: "brush", radiusMm: 3 });
  fireEvent.click(screen.getByRole("checkbox", { name: "Only intensities of" }));
  dragIn("Slices of the case", { from: pixel(4, 9), to: pixel(15, 9) });
  await waitFor(() => expect(count(viewer.labels, 1)).toBeGreaterThan(0));
  const raw = viewer.picture?.intensities.raw ?? [];
  const painted = [...(viewer.labels ?? [])].flatMap((label, i) => (label === 1 ? [Number(raw[i])] : []));
  expect(Math.min(...painted)).toBeGreaterThanOrEqual(99);
});

test("while the brain is looked for no label is drawn; without a brain nothing is kept back", async () => {
  const { viewer } = await show(() => undefined, { tool: "brush" });
  const hold = vi.spyOn(FakeWorker.prototype, "postMessage").mockImplementation(() => undefined);
  fireEvent.click(screen.getByRole("checkbox", { name: "Only in the brain" }));
  dragIn("Slices of the case", { from: pixel(4, 9), to: pixel(9, 9) });
  await screen.findByText(/The brain is still being found/);
  expect(count(viewer.labels, 1)).toBe(0);
  fireEvent.click(screen.getByRole("checkbox", { name: /Only in the brain/ }));
  hold.mockRestore();
  dragIn("Slices of the case", { from: pixel(4, 9), to: pixel(9, 9) });
  await waitFor(() => expect(count(viewer.labels, 1)).toBeGreaterThan(0));
});

test("what is cancelled leaves nothing, and nothing else runs meanwhile", async () => {
  const { viewer, start } = await show((labels) => block(labels, 1, [5, 5, 2], [8, 8, 3]), {
    operation: "dilate",
    marginMm: 3,
  });
  const hold = vi.spyOn(FakeWorker.prototype, "postMessage").mockImplementation(() => undefined);
  apply();
  await screen.findByRole("button", { name: /Cancel/ });
  press("f");
  await screen.findByText("Dilate is still running. Wait, or cancel it.");
  press("Escape");
  await waitFor(() => expect(screen.queryByRole("button", { name: /Cancel/ })).toBeNull());
  expect(viewer.labels).toEqual(start);
  hold.mockRestore();
  apply();
  await screen.findByText("Dilate · Enhancing tumour");
});

test("an operation does nothing when the labels changed while it ran", async () => {
  const { viewer } = await show((labels) => block(labels, 1, [5, 5, 2], [8, 8, 3]), {
    operation: "dilate",
    marginMm: 1,
    tool: "brush",
  });
  const send = FakeWorker.prototype.postMessage;
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held = vi.spyOn(FakeWorker.prototype, "postMessage").mockImplementation(async function (
    this: FakeWorker,
    asked,
  ) {
    await released;
    send.call(this, asked);
  });
  apply();
  await waitFor(() => expect(held).toHaveBeenCalled());
  dragIn("Slices of the case", { from: pixel(15, 15), to: pixel(15, 15) });
  release();
  await screen.findByText(/The labels changed while “Dilate” ran/);
  expect(screen.queryByText("Dilate · Enhancing tumour")).toBeNull();
  expect(count(viewer.labels, 1)).toBeGreaterThan(32);
  held.mockRestore();
});

test("a pen's pressure makes the brush smaller, where that is wanted", async () => {
  const { viewer } = await show(() => undefined, { radiusMm: 6, usePressure: true });
  const pen = { pointerType: "pen" };
  const dab = (init: PointerEventInit) =>
    dragIn("Slices of the case", { from: pixel(10, 9), to: pixel(10, 9), ...pen, ...init });
  dab({ pressure: 0.5 });
  await waitFor(() => expect(count(viewer.labels, 1)).toBeGreaterThan(0));
  const light = count(viewer.labels, 1);
  dab({ pressure: 1 });
  await waitFor(() => expect(count(viewer.labels, 1)).toBeGreaterThan(2 * light));
});

test("two fingers zoom and shift; the stroke that the first began is taken back", async () => {
  const { viewer, start } = await show(() => undefined, { tool: "brush" });
  const canvas = screen.getByRole("img", { name: "Slices of the case" });
  const finger = (pointerId: number, clientX: number) => ({
    pointerId,
    clientX,
    clientY: 100,
    button: 0,
    pointerType: "touch",
  });
  act(() => {
    fireEvent.pointerDown(canvas, finger(1, 80));
    fireEvent.pointerDown(canvas, finger(2, 120));
    fireEvent.pointerMove(canvas, finger(2, 160));
    fireEvent.pointerUp(canvas, finger(1, 80));
    fireEvent.pointerUp(canvas, finger(2, 160));
  });
  expect(viewer.camera.zoom).toBeCloseTo(2, 5);
  expect(viewer.labels).toEqual(start);
});

test("a part of exactly so many ml is no island, on any voxel size", () => {
  for (const [ml, voxelMl, voxels] of [
    [0.05, 0.001, 50],
    [0.05, 0.00195, 26],
    [0.3, 0.1, 3],
  ] as const) {
    expect(islandVoxels({ islandsBelow: ml, islandsUnit: "ml" }, voxelMl)).toBe(voxels);
  }
  expect(islandVoxels({ islandsBelow: 7, islandsUnit: "voxels" }, 0.001)).toBe(7);
});

test("settings of operations are the person's, also in the next case", async () => {
  await show((labels) => block(labels, 1, [5, 5, 2], [8, 8, 3]), { operation: "remove islands" });
  fireEvent.click(screen.getByText("voxels", { selector: "span, label" }));
  expect(JSON.parse(localStorage.getItem("overread-settings-7") ?? "").islandsUnit.value).toBe("voxels");
  expect(NZ).toBe(6);
});

test("menus and hints name the keys that the person chose", async () => {
  const keys = { "fill.holes": ["F7"], "brush.shape": ["F8"], "edit.close": ["F9"], "edit.cancel": ["F10"] };
  const { viewer } = await show(() => undefined, { operation: "fill holes", keys });
  expect(viewer.labels).not.toBeNull();
  expect(screen.getByRole("combobox", { name: "Operation" })).toHaveProperty("value", "Fill holes (F7)");
  screen.getByText(/F8: disc\/sphere/);
  press("l");
  screen.getByText(/click corners; F9, a double click/);
  click(40, 40);
  press("b");
  await screen.findByText("A polygon is open. Close it (F9) or give it up (F10).");
  press("F10");
  await waitFor(() => expect(screen.queryByText(/A polygon is open/)).toBeNull());
});
