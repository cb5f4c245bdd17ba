import { afterEach, expect, test, vi } from "vitest";
import { makeGrid } from "@/labels";
import type { Picture } from "@/viewer";
import { FakeViewer } from "@/viewer/fake";

const AFFINE = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
  [0, 0, 0, 1],
];
/** The addresses of images, and the shapes of their grids. */
const SHAPES: Readonly<Record<string, readonly [number, number, number]>> = {
  wide: [10, 8, 6],
  high: [6, 8, 10],
  small: [5, 4, 3],
};

class TwoGrids extends FakeViewer {
  override async decode(_bytes: ArrayBuffer, name: string): Promise<Picture> {
    const grid = makeGrid([...(SHAPES[name] ?? [1, 1, 1])], AFFINE);
    return { grid, intensities: { raw: new Int16Array(grid.size), slope: 1, intercept: 0 } };
  }
}

const viewer = vi.hoisted(() => ({ made: null as unknown as FakeViewer }));
vi.mock("@/viewer/niivue", () => ({
  openViewer: async () => {
    viewer.made = new TwoGrids(makeGrid([1, 1, 1], AFFINE));
    return viewer.made;
  },
}));
vi.mock("@/api/cases", () => ({ readBytes: async () => new Uint8Array(80).fill(1).buffer }));

afterEach(() => document.body.replaceChildren());

async function open() {
  const { ShownCase } = await import("@/pages/cases/shown");
  const canvas = document.body.appendChild(document.createElement("canvas"));
  return ShownCase.open(canvas);
}

test("an image on another grid takes the place of one with labels: they go, and the middle is shown", async () => {
  const shown = await open();
  await shown.showImage("/small", "small", null);
  expect(viewer.made.labels).toHaveLength(60);
  await shown.showImage("/wide", "wide", null);
  expect(viewer.made.picture?.grid.shape).toEqual([10, 8, 6]);
  expect(viewer.made.labels).toHaveLength(480);
  expect(viewer.made.position).toEqual([5, 4, 3]);
});

test("labels do not stay on an image that has as many voxels in another shape", async () => {
  const shown = await open();
  await shown.showImage("/wide", "wide", null);
  viewer.made.setLabels(new Uint8Array(480).fill(1));
  await shown.showImage("/high", "high", null);
  expect(viewer.made.labels?.some((label) => label !== 0)).toBe(false);
  expect(viewer.made.position).toEqual([3, 4, 5]);
});

test("position and labels stay on the same grid", async () => {
  const shown = await open();
  await shown.showImage("/wide", "wide", null);
  const labels = new Uint8Array(480).fill(1);
  viewer.made.setLabels(labels);
  shown.pinAt([1, 2, 3]);
  await shown.showImage("/again", "wide", null);
  expect(viewer.made.labels).toBe(labels);
  expect(viewer.made.position).toEqual([1, 2, 3]);
});
