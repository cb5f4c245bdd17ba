import { cleanup, configure, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { dragIn, openWorkbench, press } from "./opened";
import { Server } from "./server";

// jsdom draws nothing; the overlay then stays empty.
HTMLCanvasElement.prototype.getContext = () => null;
configure({ getElementError: (message) => new Error(message ?? "not found") });

afterEach(() => {
  cleanup();
  localStorage.clear();
});

/** Voxels of 1 × 1 × 3 mm: a row of twenty in the second slice, a single voxel of the other label in the last. */
async function openTwo() {
  const server = new Server();
  server.start[5 + 20 * 9 + 360 * 5] = 2;
  const [viewer] = await openWorkbench(server);
  await screen.findByText("Lesions (2)");
  return viewer;
}

test("the list has each part with label, volume and largest diameter, the largest first", async () => {
  await openTwo();
  const rows = screen.getAllByRole("button").map((button) => button.textContent);
  expect(rows.filter((text) => text?.endsWith("mm"))).toEqual([
    "Enhancing tumour0.06 ml19.0 mm",
    "Oedema1 voxel0.0 mm",
  ]);
});

test("a click goes there, and so do the keys for next and previous, round and round", async () => {
  const viewer = await openTwo();
  fireEvent.click(screen.getByText("0.0 mm"));
  expect(viewer?.position).toEqual([5, 9, 5]);
  press("n");
  expect(viewer?.position.slice(1)).toEqual([2, 1]);
  press("N", { shiftKey: true });
  expect(viewer?.position).toEqual([5, 9, 5]);
});

test("a stroke that makes a new part is listed a moment later", async () => {
  await openTwo();
  press("2");
  dragIn("Slices of the case", { from: [100, 40], to: [101, 40] });
  await waitFor(() => expect(screen.getByText("Lesions (3)")).toBeTruthy(), { timeout: 3000 });
});

test("an empty mask has no lesions, and says so", async () => {
  const server = new Server();
  server.start.fill(0);
  await openWorkbench(server);
  expect(await screen.findByText("Nothing is drawn.")).toBeTruthy();
});

test("a section folds with a click on its title, for the next case too, and limits in force are still told", async () => {
  await openTwo();
  const title = (name: RegExp) => screen.getByRole("button", { name });
  fireEvent.click(title(/^Lesions/));
  fireEvent.click(title(/^Operations/));
  fireEvent.click(screen.getByRole("checkbox", { name: "Only intensities of" }));
  fireEvent.click(title(/^Limits/));
  expect(screen.queryByText("0.0 mm")).toBeNull();
  expect(screen.queryByRole("combobox", { name: "Operation" })).toBeNull();
  expect(screen.queryByRole("checkbox", { name: "Only intensities of" })).toBeNull();
  expect(screen.getByText("in force for every tool")).toBeTruthy();
  cleanup();

  await openTwo();
  expect(title(/^Lesions/).getAttribute("aria-expanded")).toBe("false");
  expect(screen.queryByText("0.0 mm")).toBeNull();
  fireEvent.click(title(/^Lesions/));
  expect(screen.getByText("0.0 mm")).toBeTruthy();
});
