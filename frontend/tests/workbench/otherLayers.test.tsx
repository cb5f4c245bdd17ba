/** A scheme of two layers: the labels of the layer that is not being edited are drawn as lines. */
import { act, cleanup, configure, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dragIn, openWorkbench, press } from "./opened";
import { RUBRIC, Server, SHAPE } from "./server";

configure({ getElementError: (message) => new Error(message ?? "not found") });

const SIZE = SHAPE[0] * SHAPE[1] * SHAPE[2];
const ET = "#D55E00";
const L0 = "#009E73";
/** The middle of the axial tile, and a place far from it. */
const MIDDLE: [number, number] = [105, 95];
const AWAY: [number, number] = [40, 40];

/** Notes the colours and lengths of the lines that stand on each canvas. */
const drawn = new Map<HTMLCanvasElement, Map<string, number>>();

function recorder(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const lines = new Map<string, number>();
  drawn.set(canvas, lines);
  let corners = 0;
  const notes: Record<string, unknown> = {
    canvas,
    strokeStyle: "",
    clearRect: () => lines.clear(),
    beginPath: () => {
      corners = 0;
    },
    lineTo: () => {
      corners++;
    },
    stroke: () => lines.set(String(notes.strokeStyle), (lines.get(String(notes.strokeStyle)) ?? 0) + corners),
  };
  const nothing = () => undefined;
  return new Proxy(notes, {
    get: (target, name) => (name in target ? target[String(name)] : nothing),
  }) as unknown as CanvasRenderingContext2D;
}

const before = HTMLCanvasElement.prototype.getContext;
beforeEach(() => {
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement) {
    return recorder(this);
  } as unknown as typeof before;
});
afterEach(() => {
  cleanup();
  localStorage.clear();
  drawn.clear();
  HTMLCanvasElement.prototype.getContext = before;
});

/** The colours of labels that are drawn as lines now, with the corners of their lines. */
function outlined(): Record<string, number> {
  const below = screen.getByLabelText("Slices of the case").previousElementSibling as HTMLCanvasElement;
  const labels = [...(drawn.get(below) ?? [])].filter(([colour]) => colour === ET || colour === L0);
  return Object.fromEntries(labels);
}
const colours = () => Object.keys(outlined());

/** Two layers, each with a block of its label about the cross; settings are those of somebody new. */
async function openTwo() {
  const server = new Server();
  server.layers = 2;
  server.rubric = RUBRIC;
  server.start.fill(0);
  for (let z = 2; z < 5; z++)
    for (let y = 7; y < 12; y++) {
      const row = SHAPE[0] * (y + SHAPE[1] * z);
      server.start.fill(1, row + 7, row + 12);
      server.start.fill(2, SIZE + row + 9, SIZE + row + 14);
    }
  const [viewer] = await openWorkbench(server);
  await waitFor(() => expect(colours()).toEqual([L0]));
  return { server, viewer };
}

test("with one label active the other layer's is outlined, and choosing that swaps them", async () => {
  const { viewer } = await openTwo();
  expect(viewer?.labels?.includes(1)).toBe(true);
  press("3");
  await waitFor(() => expect(colours()).toEqual([ET]));
  expect(viewer?.labels?.includes(2)).toBe(true);
  press("2");
  await waitFor(() => expect(colours()).toEqual([L0]));
});

test("its eye hides it at once, and H hides it with the mask", async () => {
  await openTwo();
  fireEvent.click(screen.getByRole("button", { name: "Hide Label 0" }));
  await waitFor(() => expect(colours()).toEqual([]));
  fireEvent.click(screen.getByRole("button", { name: "Show Label 0" }));
  await waitFor(() => expect(colours()).toEqual([L0]));
  press("h");
  await waitFor(() => expect(colours()).toEqual([]));
  press("h");
  await waitFor(() => expect(colours()).toEqual([L0]));
});

/** Paint in the other layer and come back to the first; return how much is outlined there now. */
async function paintOther(): Promise<number | undefined> {
  const given = outlined()[L0];
  press("3");
  press("b");
  dragIn("Slices of the case", { from: AWAY, to: AWAY });
  press("1");
  await waitFor(() => expect(outlined()[L0]).toBeGreaterThan(given ?? 0));
  return outlined()[L0];
}

test("a stroke and its undo change the line of their layer only", async () => {
  await openTwo();
  const given = outlined()[L0];
  const painted = await paintOther();
  dragIn("Slices of the case", { from: MIDDLE, to: AWAY });
  await screen.findByText("Brush · Enhancing tumour");
  expect(outlined()).toEqual({ [L0]: painted });
  press("z", { ctrlKey: true });
  press("z", { ctrlKey: true });
  await waitFor(() => expect(outlined()).toEqual({ [L0]: given }));
});

test("a version that is looked at, and the mask as given, show their own lines", async () => {
  const { server } = await openTwo();
  const given = outlined()[L0];
  server.branches.push(new Uint8Array(SIZE * 2));
  const painted = await paintOther();
  press("V", { shiftKey: true });
  const [empty, asGiven] = await screen.findAllByRole("button", { name: /^Look/ });
  fireEvent.click(empty as HTMLElement);
  await waitFor(() => expect(colours()).toEqual([]));
  fireEvent.click(asGiven as HTMLElement);
  await waitFor(() => expect(outlined()).toEqual({ [L0]: given }));
  press("V", { shiftKey: true });
  await waitFor(() => expect(outlined()).toEqual({ [L0]: painted }));
  press("q");
  await waitFor(() => expect(outlined()).toEqual({ [L0]: given }));
  press("q");
  await waitFor(() => expect(outlined()).toEqual({ [L0]: painted }));
});

test("the key takes the label under the cross of another layer, where its own has none", async () => {
  await openTwo();
  for (let n = 0; n < 3; n++) press("ArrowRight", { altKey: true });
  act(() => press("u"));
  await waitFor(() => expect(colours()).toEqual([ET]));
});
