import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { FakeWorker } from "../fakeWorker";
import { dragIn, press } from "./opened";
import { apply, block, click, count, PLANE, pixel, show } from "./operating";

afterEach(() => vi.restoreAllMocks());

const PICTURE = "Slices of the case";
const grown = "Enhancing tumour: 32 voxels more, 0 fewer.";
const drawOne = (labels: Uint8Array) => block(labels, 1, [5, 5, 2], [8, 8, 3]);
/** What is said over the picture, and cannot be scrolled away with a side panel. */
const notices = () => within(screen.getByRole("region", { name: "Messages" }));
const chooseIn = (list: string, option: string) => {
  fireEvent.click(screen.getByRole("combobox", { name: list }));
  fireEvent.click(screen.getByRole("option", { name: option, hidden: true }));
};

test("refusals, progress and outcomes stand over the picture, with Operations folded and beside any panel", async () => {
  const { viewer } = await show(drawOne, { operation: "dilate", marginMm: 1, folded: ["operations"] });
  const status = notices().getByRole("status");
  expect(status.textContent).toBe("");
  const hold = vi.spyOn(FakeWorker.prototype, "postMessage").mockImplementation(() => undefined);
  press("a");
  await notices().findByRole("progressbar", { name: "Dilate" });
  expect(status.textContent).toBe("Dilate");
  fireEvent.click(notices().getByRole("button", { name: /Cancel/ }));
  await waitFor(() => expect(notices().queryByRole("progressbar")).toBeNull());
  hold.mockRestore();
  press("a");
  await notices().findByText(grown);
  expect(status.textContent).toBe(grown);
  fireEvent.click(screen.getByText("Versions"));
  notices().getByText(grown);
  expect(screen.getAllByText(grown)).toHaveLength(1);
  fireEvent.click(screen.getByText("Edit"));
  fireEvent.click(screen.getByRole("button", { name: "Lock Enhancing tumour" }));
  press("b");
  click(...pixel(10, 10));
  const refusal = await notices().findByRole("alert");
  expect(refusal.textContent).toBe("Enhancing tumour is locked.");
  expect(screen.getAllByText("Enhancing tumour is locked.")).toHaveLength(1);
  expect(count(viewer.labels, 1)).toBe(64);
});

test("a message is closed by its button", async () => {
  await show(drawOne, { operation: "dilate", marginMm: 1 });
  apply();
  await notices().findByText(grown);
  fireEvent.click(notices().getByRole("button", { name: "Close the message" }));
  expect(notices().queryByText(grown)).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Lock Enhancing tumour" }));
  apply();
  await notices().findByRole("alert");
  fireEvent.click(notices().getByRole("button", { name: "Close the message" }));
  expect(notices().queryByRole("alert")).toBeNull();
});

test("that an operation still runs is no longer said when it has ended", async () => {
  await show(drawOne, { operation: "dilate", marginMm: 1 });
  const hold = vi.spyOn(FakeWorker.prototype, "postMessage").mockImplementation(() => undefined);
  apply();
  await notices().findByRole("progressbar");
  press("f");
  await notices().findByText("Dilate is still running. Wait, or cancel it.");
  fireEvent.click(notices().getByRole("button", { name: /Cancel/ }));
  await waitFor(() => expect(notices().queryByRole("alert")).toBeNull());
  hold.mockRestore();
});

test("what was refused because of an older version is no longer said beside the present labels", async () => {
  await show(drawOne, { tool: "brush" });
  fireEvent.click(screen.getByText("Versions"));
  fireEvent.click(await screen.findByRole("button", { name: "Look" }));
  await screen.findByText("You look at an older version.");
  click(...pixel(10, 10));
  await notices().findByText("You look at an older version. Go back to the present first.");
  fireEvent.click(screen.getByRole("button", { name: "Back to the present" }));
  await waitFor(() => expect(notices().queryByRole("alert")).toBeNull());
});

test("the outcome goes when the labels change otherwise: by undo, a stroke or another version", async () => {
  const { viewer, start } = await show(drawOne, { operation: "dilate", marginMm: 1, tool: "brush" });
  const gone = () => waitFor(() => expect(notices().getByRole("status").textContent).toBe(""));
  apply();
  await notices().findByText(grown);
  press("z", { ctrlKey: true });
  await waitFor(() => expect(viewer.labels).toEqual(start));
  await gone();
  apply();
  await notices().findByText(grown);
  dragIn(PICTURE, { from: pixel(15, 15), to: pixel(16, 15) });
  await gone();
  press("z", { ctrlKey: true });
  apply();
  await notices().findByText(/voxels more/);
  press("z", { ctrlKey: true });
  await gone();
  apply();
  await notices().findByText(/voxels more/);
  fireEvent.click(screen.getByText("Versions"));
  fireEvent.click(await screen.findByRole("button", { name: "Go on with it" }));
  await waitFor(() => expect(viewer.labels).toEqual(start));
  await gone();
});

test("a part is named by the labels that it changes, whichever label is active", async () => {
  const { viewer } = await show(
    (labels) => {
      block(labels, 1, [3, 5, 2], [5, 8, 2]);
      block(labels, 2, [12, 5, 2], [14, 8, 2]);
    },
    { tool: "part", partAction: "empty" },
  );
  click(...pixel(13, 6));
  await screen.findByText("Remove part · Oedema");
  await notices().findByText("Oedema: 0 voxels more, 12 fewer.");
  chooseIn("A click on a connected part", "Revert it to the mask as given");
  click(...pixel(13, 6));
  await screen.findByText("Revert part · Oedema");
  await notices().findByText("Oedema: 12 voxels more, 0 fewer.");
  chooseIn("A click on a connected part", "Give it the active label");
  click(...pixel(13, 6));
  await screen.findByText("Relabel part · Enhancing tumour");
  await notices().findByText("Enhancing tumour: 12 voxels more, 0 fewer; Oedema: 0 voxels more, 12 fewer.");
  expect(count(viewer.labels, 1)).toBe(24);
});

test("a reverted slice is named by its two labels, and the outcome counts both", async () => {
  const { viewer, start } = await show(
    (labels) => {
      block(labels, 1, [3, 5, 2], [5, 8, 2]);
      block(labels, 2, [12, 5, 2], [14, 8, 2]);
    },
    { operation: "revert", revertWhere: "slice", tool: "part", partAction: "empty" },
  );
  click(...pixel(4, 6));
  await waitFor(() => expect(count(viewer.labels, 1)).toBe(0));
  click(...pixel(13, 6));
  await waitFor(() => expect(count(viewer.labels, 2)).toBe(0));
  apply();
  await screen.findByText("Revert slice · Enhancing tumour and Oedema");
  await notices().findByText("Enhancing tumour: 12 voxels more, 0 fewer; Oedema: 12 voxels more, 0 fewer.");
  expect(viewer.labels?.slice(2 * PLANE, 3 * PLANE)).toEqual(start.slice(2 * PLANE, 3 * PLANE));
});

test("the mask of Combine and the label of Swap stay chosen when they are chosen again", async () => {
  await show(drawOne, { operation: "combine", combineWith: "ED" });
  const other = () => screen.getByRole("combobox", { name: "The other mask" });
  chooseIn("The other mask", "Oedema");
  expect(other()).toHaveProperty("value", "Oedema");
  chooseIn("Operation", "Swap labels");
  chooseIn("Swap with", "Oedema");
  chooseIn("Swap with", "Oedema");
  expect(screen.getByRole("combobox", { name: "Swap with" })).toHaveProperty("value", "Oedema");
});
