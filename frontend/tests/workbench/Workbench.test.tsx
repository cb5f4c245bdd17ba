import { act, cleanup, configure, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { FakeViewer } from "@/viewer/fake";
import { dragIn, openWorkbench, press } from "./opened";
import { RUBRIC, Server } from "./server";

// jsdom draws nothing; the overlay then stays empty.
HTMLCanvasElement.prototype.getContext = () => null;

// A failure would otherwise print the whole page.
configure({ getElementError: (message) => new Error(message ?? "not found") });

afterEach(() => {
  cleanup();
  localStorage.clear();
});

async function show(server: Server): Promise<FakeViewer> {
  const [viewer] = await openWorkbench(server);
  return viewer as FakeViewer;
}

const drag = (
  from: readonly [number, number],
  to: readonly [number, number],
  init: PointerEventInit = {},
): void => dragIn("Slices of the case", { from, to, ...init });

const volume = (label: string) =>
  Number(
    screen.getByRole("button", { name: new RegExp(label), pressed: true }).textContent?.match(/[\d.]+$/)?.[0],
  );

test("a stroke changes the volume, is a step with a name, and undo takes it back", async () => {
  await show(new Server());
  press("2");
  const before = volume("Oedema");
  drag([60, 100], [120, 100]);
  await waitFor(() => expect(volume("Oedema")).toBeGreaterThan(before));
  expect(await screen.findByText("Brush · Oedema")).toBeTruthy();
  press("z", { ctrlKey: true });
  await waitFor(() => expect(volume("Oedema")).toBe(before));
  press("z", { ctrlKey: true, shiftKey: true });
  await waitFor(() => expect(volume("Oedema")).toBeGreaterThan(before));
});

test("a locked label is neither painted nor painted over, and the page says why", async () => {
  const viewer = await show(new Server());
  const painted = viewer.labels?.slice();
  fireEvent.click(screen.getByRole("button", { name: "Lock Enhancing tumour" }));
  drag([60, 100], [120, 100]);
  await screen.findByText("Enhancing tumour is locked.");
  expect(viewer.labels).toEqual(painted);
});

test("the keyboard alone moves the cross, paints and erases", async () => {
  const viewer = await show(new Server());
  const count = () => viewer.labels?.filter((label) => label === 2).length ?? 0;
  press("2");
  press("ArrowUp");
  press("ArrowLeft", { altKey: true });
  press(" ");
  await waitFor(() => expect(count()).toBeGreaterThan(0));
  press("e");
  press(" ");
  await waitFor(() => expect(count()).toBe(0));
});

test("a choice that was clicked leaves the keys to the picture; one that was tabbed to keeps the arrows", async () => {
  const viewer = await show(new Server());
  const [, , slice] = viewer.position;
  const choice = screen.getByRole("radio", { name: "Sphere (3-D)" });
  const arrow = () => act(() => void fireEvent.keyDown(choice, { key: "ArrowUp" }));
  act(() => {
    fireEvent.pointerDown(choice);
    choice.focus();
  });
  arrow();
  expect(viewer.position[2]).toBe(slice + 1);
  act(() => {
    choice.blur();
    fireEvent.keyDown(document.body, { key: "Tab" });
    choice.focus();
  });
  arrow();
  expect(viewer.position[2]).toBe(slice + 1);
  const list = screen.getByRole("combobox", { name: "Operation" });
  act(() => void fireEvent.keyDown(list, { key: "e" }));
  expect(screen.getByRole("radio", { name: "Eraser" }).getAttribute("aria-checked")).toBe("true");
});

test("a pen that is turned over erases", async () => {
  const viewer = await show(new Server());
  const count = () => viewer.labels?.filter((label) => label === 2).length ?? 0;
  press("2");
  drag([60, 100], [120, 100]);
  await waitFor(() => expect(count()).toBeGreaterThan(0));
  drag([55, 100], [125, 100], { pointerType: "pen", button: 5, buttons: 32 });
  await waitFor(() => expect(count()).toBe(0));
});

test("the bottom names the label under the pointer in every layer, and while scoring that of the mask as given", async () => {
  const server = new Server();
  server.layers = 2;
  server.rubric = RUBRIC;
  server.start.fill(1);
  await show(server);
  const bottom = () => screen.getByRole("contentinfo").textContent ?? "";
  const canvas = screen.getByRole("img", { name: "Slices of the case" });
  act(() => void fireEvent.pointerMove(canvas, { clientX: 60, clientY: 100, pointerId: 1 }));
  await waitFor(() => expect(bottom()).toContain("Enhancing tumour"));
  press("2");
  drag([60, 100], [61, 100]);
  await waitFor(() => expect(bottom()).toContain("Oedema"));
  press("q");
  await waitFor(() => expect(bottom()).toContain("Enhancing tumour"));
});

test("the lasso takes its corners from the keyboard, too", async () => {
  const viewer = await show(new Server());
  const count = () => viewer.labels?.filter((label) => label === 2).length ?? 0;
  press("2");
  press("l");
  const walk = (key: string) => {
    for (let n = 0; n < 4; n++) press(key, { altKey: true });
    press(" ");
  };
  press(" ");
  for (const key of ["ArrowLeft", "ArrowUp", "ArrowRight"]) walk(key);
  expect(count()).toBe(0);
  press("Enter");
  await waitFor(() => expect(count()).toBeGreaterThanOrEqual(9));
  expect(await screen.findByText("Lasso · Oedema")).toBeTruthy();
});

test("a mask that cannot be assessed is handed in with the reason, in place of all answers", async () => {
  const server = new Server();
  server.rubric = RUBRIC;
  await show(server);
  press("q");
  press("y");
  const scroll = vi.spyOn(Element.prototype, "scrollIntoView");
  fireEvent.click(screen.getByRole("button", { name: "Cannot be assessed" }));
  const confirm = screen.getByRole("button", { name: "Cannot be assessed" });
  expect(scroll.mock.contexts.some((seen) => (seen as Element).contains(confirm))).toBe(true);
  scroll.mockRestore();
  fireEvent.change(screen.getByLabelText("Why can this mask not be assessed?"), {
    target: { value: "Motion." },
  });
  fireEvent.click(screen.getByRole("button", { name: "Cannot be assessed" }));
  fireEvent.click(await screen.findByRole("button", { name: "Answer the questions instead" }));
  await screen.findByText("1 of 3");
  fireEvent.click(screen.getByRole("button", { name: "Cannot be assessed" }));
  fireEvent.change(screen.getByLabelText("Why can this mask not be assessed?"), {
    target: { value: "Motion." },
  });
  fireEvent.click(screen.getByRole("button", { name: "Cannot be assessed" }));
  press("Enter", { ctrlKey: true });
  fireEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Submit" }));
  await screen.findByText("Submitted");
  expect(server.submissions[0]?.answers).toEqual({ cannot_be_assessed: "Motion." });
});

test("the wheel steps through slices, and with Shift changes the radius", async () => {
  const viewer = await show(new Server());
  const [, , slice] = viewer.position;
  const canvas = screen.getByRole("img", { name: "Slices of the case" });
  act(() => void fireEvent.wheel(canvas, { clientX: 50, clientY: 50, deltaY: -60 }));
  expect(viewer.position[2]).toBe(slice + 1);
  act(() => void fireEvent.wheel(canvas, { clientX: 50, clientY: 50, deltaY: -60, shiftKey: true }));
  expect(screen.getByText("4.5 mm")).toBeTruthy();
});

test("corners and Enter fill a polygon; Escape leaves nothing", async () => {
  const viewer = await show(new Server());
  const count = () => viewer.labels?.filter((label) => label === 2).length ?? 0;
  press("2");
  press("l");
  for (const corner of [
    [40, 40],
    [120, 40],
    [120, 120],
  ] as const)
    drag(corner, corner);
  press("Escape");
  press("Enter");
  expect(count()).toBe(0);
  for (const corner of [
    [40, 40],
    [120, 40],
    [120, 120],
  ] as const)
    drag(corner, corner);
  press("Enter");
  await waitFor(() => expect(count()).toBeGreaterThan(0));
  expect(await screen.findByText("Lasso · Oedema")).toBeTruthy();
});

test("a polygon that is open when another window takes the case over is not filled", async () => {
  const id = `case ${Math.random()}`;
  const viewer = (await openWorkbench(new Server(), { assignmentId: id }))[0] as FakeViewer;
  const count = () => viewer.labels?.filter((label) => label === 2).length ?? 0;
  press("2");
  press("l");
  for (const corner of [
    [40, 40],
    [120, 40],
    [120, 120],
  ] as const)
    drag(corner, corner);
  const other = new BroadcastChannel(`overread-assignment-${id}`);
  other.postMessage({ kind: "take", from: "another window", at: Date.now() });
  await screen.findByText("Open in another window");
  other.close();
  press("Enter");
  expect(count()).toBe(0);
  expect(screen.getByText("Each stroke becomes a step here.")).toBeTruthy();
});

test("the score takes one key per answer, shows the mask as given, and is asked for before submitting", async () => {
  const server = new Server();
  server.rubric = RUBRIC;
  const viewer = await show(server);
  press("2");
  drag([60, 100], [120, 100]);
  await screen.findByText("Brush · Oedema");
  press("Enter", { ctrlKey: true });
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).getByRole("button", { name: "Submit" })).toHaveProperty("disabled", true);
  const link = within(dialog).getByRole("button", { name: "FLAIR: What is missing?" });
  expect([link.style.color, link.dataset.underline]).toEqual(["inherit", "always"]);
  fireEvent.click(within(dialog).getByRole("button", { name: "Answer them" }));
  await waitFor(() => expect(viewer.labels).toEqual(server.start));
  expect(document.querySelector("footer")?.textContent).toContain("y n: answer · Q: edit · ?: all keys");
  for (const key of ["n", "1", "2", "3"]) press(key);
  await screen.findByText("4 of 4");
  press("q");
  await waitFor(() => expect(viewer.labels).not.toEqual(server.start));
  press("Enter", { ctrlKey: true });
  fireEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Submit" }));
  await screen.findByText("Submitted");
  expect(server.submissions[0]?.answers).toEqual({
    consistent: false,
    missing: { T1c: "none", FLAIR: "some" },
    severity: 3,
  });
  expect(await screen.findByRole("link", { name: "Next case (2 of 3)" })).toBeTruthy();
});

test("while scoring no tool changes the mask", async () => {
  const server = new Server();
  server.rubric = RUBRIC;
  await show(server);
  press("q");
  drag([60, 100], [120, 100]);
  press("q");
  expect(await screen.findByText("Each stroke becomes a step here.")).toBeTruthy();
});

test("offline, the status says that the work is kept here", async () => {
  const server = new Server();
  await show(server);
  server.trouble = "offline";
  drag([60, 100], [120, 100]);
  await screen.findByText("Offline, kept here", undefined, { timeout: 6000 });
});

test("a disk that is full is said at once, and with nothing saved, not to close the window", async () => {
  const server = new Server();
  await show(server);
  const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("No room.", "QuotaExceededError");
  });
  server.trouble = "offline";
  drag([60, 100], [120, 100]);
  await screen.findByText("Not kept: the disk is full. Do not close this window");
  await screen.findByText("Offline", undefined, { timeout: 6000 });
  const leaving = new Event("beforeunload", { cancelable: true });
  window.dispatchEvent(leaving);
  expect(leaving.defaultPrevented).toBe(true);
  server.trouble = "none";
  fireEvent.click(screen.getByRole("button", { name: "Try now" }));
  await screen.findByText("Not kept on this computer: the disk is full");
  put.mockRestore();
  drag([60, 120], [120, 120]);
  await waitFor(() => expect(screen.queryByText(/^Not kept/)).toBeNull());
});

test("synthetic cases are marked, and the protocol is at hand", async () => {
  await show(new Server());
  expect(screen.getByText("Synthetic data")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Protocol" }));
  expect(await screen.findByText("Draw well.")).toBeTruthy();
});

test("a lost graphics context is made anew", async () => {
  const viewers = await openWorkbench(new Server());
  act(() => viewers[0]?.lose());
  expect(viewers[0]?.closed).toBe(true);
  await waitFor(() => expect(viewers[1]?.labels).not.toBeNull());
  expect(screen.queryByRole("alert")).toBeNull();
});

test("the stroke during which the graphics card gives up is kept", async () => {
  const viewers = await openWorkbench(new Server());
  const count = (viewer: FakeViewer | undefined) =>
    viewer?.labels?.filter((label) => label === 2).length ?? 0;
  press("2");
  const before = count(viewers[0]);
  const canvas = screen.getByRole("img", { name: "Slices of the case" });
  act(() => {
    fireEvent.pointerDown(canvas, { clientX: 60, clientY: 100, pointerId: 1, button: 0 });
    fireEvent.pointerMove(canvas, { clientX: 120, clientY: 100, pointerId: 1, button: 0 });
  });
  act(() => viewers[0]?.lose());
  await waitFor(() => expect(viewers[1]?.labels).not.toBeNull());
  expect(count(viewers[1])).toBeGreaterThan(before);
  expect(await screen.findByText("Brush · Oedema")).toBeTruthy();
});
