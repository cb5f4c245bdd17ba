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
const pane = () => screen.getByRole("application", { name: /^Surface of the mask/ });
const colours = () => made.shown?.map(({ colour }) => colour);

test("the surface is off until asked for, and takes a quarter of the three planes", async () => {
  const [viewer] = await openWorkbench(new Server());
  expect(made.shown).toBeNull();
  ask();
  expect(viewer?.layout).toBe("three planes and a free corner");
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
  dragIn(/^Surface of the mask/, { from: [10, 10], to: [90, 40] });
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

/** Open the case with its surface, once that is looked at from near. */
async function openNear() {
  await openWorkbench(new Server());
  ask();
  await waitFor(() => expect(colours()).toEqual(["#D55E00"]));
  return made.orbit as Orbit;
}

test("the surface is turned, zoomed and reset by keys, which do not reach the slices", async () => {
  const near = await openNear();
  const heard: string[] = [];
  const hear = ({ key }: KeyboardEvent) => void heard.push(key);
  window.addEventListener("keydown", hear);
  fireEvent.keyDown(document.body, { key: "Tab" });
  act(() => pane().focus());
  const type = (key: string) => fireEvent.keyDown(pane(), { key });
  heard.length = 0;
  type("ArrowRight");
  type("ArrowUp");
  const step = Math.PI / 12;
  expect(made.orbit?.turn).toBeCloseTo(near.turn - step);
  expect(made.orbit?.tilt).toBeCloseTo(near.tilt - step);
  type("ArrowLeft");
  type("ArrowDown");
  type("+");
  expect(made.orbit?.halfMm).toBeCloseTo(near.halfMm / 1.25);
  type("-");
  expect(made.orbit?.halfMm).toBeCloseTo(near.halfMm);
  type("Home");
  const whole = made.orbit?.halfMm;
  expect(whole).not.toBeCloseTo(near.halfMm);
  type("Home");
  expect(made.orbit?.halfMm).toBeCloseTo(near.halfMm);
  expect(heard).toEqual([]);
  type("h");
  expect(heard).toEqual(["h"]);
  window.removeEventListener("keydown", hear);
});

test("after a click on the surface the arrows are the slices' again", async () => {
  const near = await openNear();
  fireEvent.pointerDown(pane(), { pointerId: 1, button: 0 });
  act(() => pane().focus());
  fireEvent.pointerUp(pane(), { pointerId: 1, button: 0 });
  expect(fireEvent.keyDown(pane(), { key: "ArrowUp" })).toBe(false);
  expect(made.orbit).toEqual(near);
});
