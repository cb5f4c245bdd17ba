/** A case open in the workbench with labels and settings of one's own, and hands to operate on it. */
import { cleanup, configure, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";
import type { FakeViewer } from "@/viewer/fake";
import type { Settings } from "@/workbench/settings";
import { chosen } from "./account";
import { dragIn, openWorkbench } from "./opened";
import { Server, SHAPE } from "./server";

// jsdom draws nothing; the overlay then stays empty.
HTMLCanvasElement.prototype.getContext = () => null;
// A failure would otherwise print the whole page.
configure({ getElementError: (message) => new Error(message ?? "not found") });

export const [NX, NY, NZ] = SHAPE;
export const PLANE = NX * NY;

beforeEach(() => localStorage.clear());
afterEach(cleanup);

/** Open a case with these labels and settings. */
export async function show(
  labels: (start: Uint8Array) => void,
  settings: Partial<Settings> = {},
  server = new Server(),
) {
  localStorage.setItem("overread-settings-7", JSON.stringify(chosen(settings)));
  server.start.fill(0);
  labels(server.start);
  const [viewer] = await openWorkbench(server);
  return { server, viewer: viewer as FakeViewer, start: Uint8Array.from(server.start) };
}

/** A filled block of one label. */
export function block(
  labels: Uint8Array,
  label: number,
  low: readonly number[],
  high: readonly number[],
): void {
  for (let z = low[2] ?? 0; z <= (high[2] ?? 0); z++)
    for (let y = low[1] ?? 0; y <= (high[1] ?? 0); y++)
      labels.fill(label, (low[0] ?? 0) + y * NX + z * PLANE, (high[0] ?? 0) + 1 + y * NX + z * PLANE);
}

export const count = (labels: Uint8Array | null, label: number) =>
  labels?.filter((each) => each === label).length ?? 0;
export const apply = () => fireEvent.click(screen.getByRole("button", { name: "Apply" }));
export const click = (x: number, y: number) => dragIn("Slices of the case", { from: [x, y], to: [x, y] });
/** The middle of a voxel of the axial tile of 200 pixels. */
export const pixel = (x: number, y: number): [number, number] => [
  ((x + 0.5) * 200) / NX,
  200 - ((y + 0.5) * 200) / NY,
];
