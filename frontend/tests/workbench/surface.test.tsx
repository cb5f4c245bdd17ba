import { act, cleanup, configure, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Orbit } from "@/viewer/orbit";
import type { ColouredSurface, SurfaceView } from "@/viewer/surfaceView";
import { dragIn, openWorkbench, press } from "./opened";
import { Server } from "./server";

const made = vi.hoisted(() => ({
  shown: null as readonly ColouredSurface[] | null,
  opened: 0,
  closed: 0,
  orbit: null as Orbit | null,
  lose: (): void => undefined,
}));
vi.mock("@/viewer/surfaceView", () => ({
  openSurfaceView: (): SurfaceView => {
    made.opened++;
    return {
      setSurfaces: (surfaces) => {
        made.shown = surfaces;
      },
      setOrbit: (orbit) => {
        made.orbit = orbit;
      },
      redraw: () => undefined,
      onLost: (listener) => {
        made.lose = listener;
      },
      close: () => {
        made.closed++;
      },
    };
  },
}));

// jsdom draws nothing; the overlay then stays empty.
HTMLCanvasElement.prototype.getContext = () => null;
configure({ getElementError: (message) => new Error(message ?? "not found") });

beforeEach(() => {
  made.shown = null;
  made.closed = 0;
  made.opened = 0;
});
afterEach(() => {
  cleanup();
  localStorage.clear();
});

const ask = () => fireEvent.click(screen.getByRole("switch", { name: "Surface in 3-D" }));
const colours = () => made.shown?.map(({ colour }) => colour);

test("the surface is off until asked for, and takes a quarter of the three planes", async () => {
  const [viewer] = await openWorkbench(new Server());
  expect(made.shown).toBeNull();
  ask();
  expect(viewer?.layout).toBe("three planes and a free quarter");
  await waitFor(() => expect(colours()).toEqual(["#D55E00"]));
  ask();
  expect(viewer?.layout).toBe("three planes");
  expect(made.closed).toBe(1);
});

test("an empty mask says so, and a stroke gives it a surface", async () => {
  const server = new Server();
  server.start.fill(0);
  await openWorkbench(server);
  ask();
  await screen.findByText(/No mask to show/);
  press("2");
  dragIn("Slices of the case", { from: [60, 100], to: [120, 100] });
  await waitFor(() => expect(colours()).toEqual(["#56B4E9"]), { timeout: 3000 });
  expect(screen.queryByText(/No mask to show/)).toBeNull();
});

test("a hidden label has no surface", async () => {
  await openWorkbench(new Server());
  ask();
  await waitFor(() => expect(colours()).toHaveLength(1));
  fireEvent.click(screen.getByRole("button", { name: "Hide Enhancing tumour" }));
  await waitFor(() => expect(colours()).toHaveLength(0));
  expect(screen.getByText(/No mask to show/)).toBeTruthy();
});

test("when the graphics card gives up, the surface is made anew and the old one is freed", async () => {
  await openWorkbench(new Server());
  ask();
  await waitFor(() => expect(colours()).toEqual(["#D55E00"]));
  made.shown = null;
  act(() => made.lose());
  await waitFor(() => expect(colours()).toEqual(["#D55E00"]));
  expect([made.opened, made.closed]).toEqual([2, 1]);
  ask();
  expect([made.opened, made.closed]).toEqual([2, 2]);
});

test("one goes on looking from the same side after a lost context, and after the surface was away", async () => {
  await openWorkbench(new Server());
  ask();
  await waitFor(() => expect(colours()).toEqual(["#D55E00"]));
  const first = made.orbit?.turn ?? 0;
  dragIn("Surface of the mask", { from: [10, 10], to: [90, 40] });
  const turned = made.orbit;
  expect(turned?.turn).not.toBe(first);
  made.orbit = null;
  act(() => made.lose());
  await waitFor(() => expect(made.orbit).toEqual(turned));
  ask();
  made.orbit = null;
  ask();
  await waitFor(() => expect(made.orbit).toEqual(turned));
});
