import { cleanup, configure, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { FakeViewer } from "@/viewer/fake";
import { chosen, FakeAccount } from "./account";
import { dragIn, openWorkbench, press } from "./opened";
import { Server } from "./server";

// jsdom draws nothing; the overlay then stays empty.
HTMLCanvasElement.prototype.getContext = () => null;
configure({ getElementError: (message) => new Error(message ?? "not found") });

afterEach(() => {
  cleanup();
  localStorage.clear();
});

async function sideBySide(): Promise<{ left: FakeViewer; right: FakeViewer; viewers: FakeViewer[] }> {
  const viewers = await openWorkbench(new Server());
  fireEvent.click(screen.getByRole("radio", { name: "Two sequences side by side" }));
  await waitFor(() => expect(viewers.filter((viewer) => !viewer.closed && viewer.labels)).toHaveLength(2));
  await waitFor(() => expect(viewers.every((viewer) => viewer.closed || viewer.picture)).toBe(true));
  const [left, right] = viewers.filter((viewer) => !viewer.closed) as [FakeViewer, FakeViewer];
  return { left, right, viewers };
}

const painted = (viewer: FakeViewer) => viewer.labels?.filter((label) => label === 2).length ?? 0;

test("two sequences stand side by side in one plane, over one and the same mask", async () => {
  const { left, right } = await sideBySide();
  expect(left.layout).toBe("axial");
  expect(right.layout).toBe("axial");
  expect(left.picture).not.toBe(right.picture);
  expect(right.labels).toBe(left.labels);
});

test.each(["Slices of T1c", "Slices of FLAIR"])(
  "the brush paints in %s, and both panes are drawn again",
  async (pane) => {
    const { left, right } = await sideBySide();
    press("2");
    const [before, drawn] = [painted(left), [left.redrawn.length, right.redrawn.length] as const];
    dragIn(pane, { from: [60, 100], to: [120, 100] });
    expect(painted(left)).toBeGreaterThan(before);
    expect(left.redrawn.length).toBeGreaterThan(drawn[0]);
    expect(right.redrawn.length).toBeGreaterThan(drawn[1]);
  },
);

test.each(["One plane large", "Two sequences side by side"])(
  "with %s, keys act on the plane that is on screen, also in the next case",
  async (layout) => {
    const [viewer] = await openWorkbench(new Server());
    fireEvent.click(screen.getByRole("radio", { name: layout }));
    fireEvent.click(screen.getByRole("radio", { name: "Sag" }));
    const [x = 0, , z] = viewer?.position ?? [];
    press("ArrowUp");
    await waitFor(() => expect([viewer?.position[0], viewer?.position[2]]).toEqual([x + 1, z]));
    cleanup();
    const [again] = await openWorkbench(new Server());
    expect(again?.layout).toBe("sagittal");
    const [there = 0] = again?.position ?? [];
    press("ArrowUp");
    await waitFor(() => expect(again?.position[0]).toBe(there + 1));
  },
);

test("slice, zoom and shift are linked", async () => {
  const { left, right } = await sideBySide();
  const pane = screen.getByRole("img", { name: "Slices of FLAIR" });
  const slice = left.position[2];
  fireEvent.wheel(pane, { clientX: 50, clientY: 50, deltaY: -60 });
  fireEvent.wheel(pane, { clientX: 50, clientY: 50, deltaY: -200, ctrlKey: true });
  dragIn("Slices of FLAIR", { from: [50, 50], to: [70, 50], button: 1 });
  await waitFor(() => expect(left.camera.zoom).toBeGreaterThan(1.2));
  expect(left.camera).toEqual(right.camera);
  expect(left.camera.shift[0]).not.toBe(0);
  expect([left.position[2], right.position[2]]).toEqual([slice + 1, slice + 1]);
});

test("a right drag windows the sequence under it only, and the choice is there in the next case", async () => {
  const { left, right } = await sideBySide();
  dragIn("Slices of FLAIR", { from: [50, 50], to: [90, 50], button: 2 });
  expect(left.window).toEqual([0, 255]);
  const [low, high] = right.window ?? [0, 0];
  expect(high - low).toBeGreaterThan(260);
  cleanup();
  const [, again] = await openWorkbench(new Server());
  await waitFor(() => expect(again?.window?.[1]).toBeCloseTo(high));
});

test("layout and windows that come from the account after the picture are shown, until the person begins", async () => {
  const account = new FakeAccount(
    chosen({ arrangement: "two sequences", windows: { "1 T1c": { parts: [0.25, 0.75] } } }),
  );
  const answer = account.hold();
  const viewers = await openWorkbench(new Server(), { account });
  expect(viewers[0]?.layout).toBe("three planes");
  answer();
  await waitFor(() => expect(viewers.filter((viewer) => !viewer.closed && viewer.labels)).toHaveLength(2));
  expect(viewers[0]?.layout).toBe("axial");
  expect(viewers[0]?.window).toEqual([63.75, 191.25]);
});

test("a tool that comes from the account after the first key changes nothing under the hand", async () => {
  const account = new FakeAccount(chosen({ tool: "grow" }));
  const answer = account.hold();
  await openWorkbench(new Server(), { account });
  press("2");
  answer();
  await waitFor(() => expect(localStorage.getItem("overread-settings-7")).toContain("grow"));
  expect(screen.getByRole("radio", { name: /^Brush/, checked: true })).toBeTruthy();
});

test("each pane shows the sequence that is chosen in it; the other one takes its place", async () => {
  const { left, right } = await sideBySide();
  const [t1c, flair] = [left.picture, right.picture];
  fireEvent.change(screen.getByRole("combobox", { name: "Sequence of pane 1" }), {
    target: { value: "FLAIR" },
  });
  await waitFor(() => expect(left.picture).toBe(flair));
  expect(right.picture).toBe(t1c);
});

test("a polygon begun in one pane is closed by corners in the other", async () => {
  const { left } = await sideBySide();
  press("2");
  press("l");
  dragIn("Slices of T1c", { from: [40, 40], to: [40, 40] });
  dragIn("Slices of FLAIR", { from: [120, 40], to: [120, 40] });
  dragIn("Slices of T1c", { from: [120, 120], to: [120, 120] });
  press("Enter");
  await waitFor(() => expect(painted(left)).toBeGreaterThan(0));
});

test("in a pane beside another, too, a lost graphics context is made anew at the same place", async () => {
  const { left, right, viewers } = await sideBySide();
  press("+");
  await waitFor(() => expect(right.camera.zoom).toBeGreaterThan(1));
  right.lose();
  await waitFor(() => expect(right.closed).toBe(true));
  expect(left.closed).toBe(false);
  await waitFor(() => expect(viewers.at(-1)?.picture).toBe(right.picture));
  expect(viewers.at(-1)?.camera).toEqual(left.camera);
  expect(viewers.at(-1)?.labels).toBe(left.labels);
});
