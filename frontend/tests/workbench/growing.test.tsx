/** Grow and grow-cut: what they find, what takes whose place, and what undo takes back. */
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { FakeWorker } from "../fakeWorker";
import { dragIn, press } from "./opened";
import { click, count, NX, PLANE, pixel, show } from "./operating";

test("Grow works beside the page: it takes what looks like the click, and Shift takes it away", async () => {
  const { viewer } = await show(() => undefined, { tool: "grow", growWithin: "volume", growLimitMm: 4 });
  const asked = vi.spyOn(FakeWorker.prototype, "postMessage");
  click(...pixel(5, 9));
  await screen.findByText("Grow · Enhancing tumour");
  const raw = viewer.picture?.intensities.raw ?? [];
  const grown = [...(viewer.labels ?? [])].flatMap((label, index) => (label === 1 ? [index] : []));
  const seed = 5 + 9 * NX + (viewer.position[2] ?? 0) * PLANE;
  expect(grown).toContain(seed);
  expect(grown.length).toBeGreaterThan(5);
  for (const index of grown) expect(Math.abs(Number(raw[index]) - Number(raw[seed]))).toBeLessThan(60);
  const sent = asked.mock.calls.map(([message]) => (message as { kind: string }).kind);
  expect(sent).toContain("operation");

  dragIn("Slices of the case", { from: pixel(5, 9), to: pixel(5, 9), shiftKey: true });
  await screen.findByText("Grow, erasing · Enhancing tumour");
  expect(count(viewer.labels, 1)).toBe(0);
  asked.mockRestore();
});

test("grow-cut asks for both marks, keeps to the lesion between them, and a better one takes its place", async () => {
  const { viewer } = await show(() => undefined, { tool: "scribble", scribbleMm: 0.5, cutMarginMm: 3 });
  const at = (from: [number, number], to: [number, number], shiftKey = false) =>
    dragIn("Slices of the case", { from, to, shiftKey });
  at(pixel(4, 9), pixel(6, 9));
  press("Enter");
  await screen.findByText(/Mark both/);
  at(pixel(14, 9), pixel(16, 9), true);
  press("Enter");
  await screen.findByText("Grow-cut · Enhancing tumour");
  const first = count(viewer.labels, 1);
  expect(first).toBeGreaterThan(3);
  const middle = 9 * NX + (viewer.position[2] ?? 0) * PLANE;
  expect(viewer.labels?.[5 + middle]).toBe(1);
  expect(viewer.labels?.[15 + middle]).toBe(0);
  at(pixel(5, 12), pixel(9, 12), true);
  press("Enter");
  await waitFor(() => expect(count(viewer.labels, 1)).toBeLessThan(first));
  expect(count(viewer.labels, 1)).toBeGreaterThan(3);
  expect(screen.getAllByText("Grow-cut · Enhancing tumour")).toHaveLength(1);
});

test("a grow-cut that was refused for want of marks does not make the next one take an earlier one's place", async () => {
  const { viewer } = await show(() => undefined, { tool: "scribble", scribbleMm: 0.5, cutMarginMm: 2 });
  const mark = (from: [number, number], to: [number, number], shiftKey = false) =>
    dragIn("Slices of the case", { from, to, shiftKey });
  mark(pixel(4, 4), pixel(6, 4));
  mark(pixel(4, 7), pixel(6, 7), true);
  press("Enter");
  await screen.findByText("Grow-cut · Enhancing tumour");
  const first = [...(viewer.labels ?? [])].flatMap((label, index) => (label === 1 ? [index] : []));
  fireEvent.click(screen.getByRole("button", { name: "Clear marks" }));
  mark(pixel(4, 15), pixel(6, 15));
  press("Enter");
  await screen.findByText(/Mark both/);
  mark(pixel(4, 12), pixel(6, 12), true);
  press("Enter");
  await waitFor(() => expect(screen.getAllByText("Grow-cut · Enhancing tumour")).toHaveLength(2));
  expect(first.length).toBeGreaterThan(0);
  expect(first.every((index) => viewer.labels?.[index] === 1)).toBe(true);
});

test("undo takes back marks that grow-cut has not read, then the border that it found", async () => {
  const { viewer } = await show(() => undefined, { tool: "scribble", scribbleMm: 0.5, cutMarginMm: 3 });
  const mark = (from: [number, number], to: [number, number], shiftKey = false) =>
    dragIn("Slices of the case", { from, to, shiftKey });
  mark(pixel(4, 9), pixel(6, 9));
  press("z", { ctrlKey: true });
  press("Enter");
  await screen.findByText(/Mark both/);
  expect(screen.getByRole("button", { name: "Clear marks" })).toHaveProperty("disabled", true);

  mark(pixel(4, 9), pixel(6, 9));
  mark(pixel(14, 9), pixel(16, 9), true);
  press("Enter");
  await screen.findByText("Grow-cut · Enhancing tumour");
  const found = count(viewer.labels, 1);
  mark(pixel(5, 12), pixel(9, 12), true);
  press("z", { ctrlKey: true });
  expect(count(viewer.labels, 1)).toBe(found);
  press("z", { ctrlKey: true });
  await waitFor(() => expect(count(viewer.labels, 1)).toBe(0));
});
