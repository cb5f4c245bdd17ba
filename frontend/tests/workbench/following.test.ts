/** A zoomed picture at the keyboard: it is shifted by keys, follows the cross that keys move, and keys window it. */
import { expect, test } from "vitest";
import { makeGrid, type Vec3 } from "@/labels";
import { type Camera, NORMAL, type Tile } from "@/viewer";
import { FakeViewer } from "@/viewer/fake";
import { Desk } from "./desk";
import { AFFINE, SHAPE } from "./server";

/** A fake that zooms and shifts as the real viewer does, and like that shows it with the next drawing. */
class ZoomingViewer extends FakeViewer {
  readonly #spacing: Vec3;
  #tiles: readonly Tile[] | null = null;

  constructor() {
    const grid = makeGrid([...SHAPE], AFFINE);
    super(grid);
    this.#spacing = grid.spacing;
  }

  override zoomedAbout({ zoom: before, shift }: Camera, voxel: Vec3, zoom: number): Camera {
    const moved = (axis: 0 | 1 | 2) => shift[axis] + voxel[axis] * this.#spacing[axis] * (before - zoom);
    return { zoom, shift: [moved(0), moved(1), moved(2)] };
  }

  draw(camera: Camera): void {
    this.camera = camera;
    this.#tiles = null;
  }

  override tiles(): readonly Tile[] {
    this.#tiles ??= super.tiles().map((tile) => this.#zoomed(tile, this.camera));
    return this.#tiles;
  }

  #zoomed(tile: Tile, { zoom, shift }: Camera): Tile {
    const map = (voxel: Vec3, change: (mm: number, shift: number) => number): Vec3 => {
      const on = (axis: 0 | 1 | 2) =>
        axis === NORMAL[tile.plane]
          ? voxel[axis]
          : change(voxel[axis] * this.#spacing[axis], shift[axis]) / this.#spacing[axis];
      return [on(0), on(1), on(2)];
    };
    return {
      ...tile,
      toVoxel: (x, y) => map(tile.toVoxel(x, y), (mm, moved) => (mm - moved) / zoom),
      toScreen: (voxel) => tile.toScreen(map(voxel, (mm, moved) => mm * zoom + moved)),
    };
  }
}

/** A desk with the cross in the middle, zoomed four times about it. */
async function zoomed() {
  const desk = await Desk.open();
  const { bench } = desk;
  const viewer = new ZoomingViewer();
  bench.lend(0, viewer);
  bench.goTo([10, 9, 3]);
  bench.zoom(4);
  const draw = () => viewer.draw(bench.camera.get());
  draw();
  /** Where the cross lies on the axial tile, as parts of it. */
  const cross = (): [number, number] => {
    const [tile] = viewer.tiles() as [Tile];
    const [x, y] = tile.toScreen(bench.view.get().position);
    return [(x - tile.rect.left) / tile.rect.width, (y - tile.rect.top) / tile.rect.height];
  };
  const press = (key: string, init?: KeyboardEventInit) => {
    desk.press(key, init);
    draw();
  };
  return { desk, bench, viewer, draw, cross, press };
}

test("Ctrl and an arrow shift the picture by a tenth of its pane", async () => {
  const { cross, press, bench } = await zoomed();
  const [x, y] = cross();
  press("ArrowLeft", { ctrlKey: true });
  press("ArrowUp", { ctrlKey: true });
  press("ArrowUp", { ctrlKey: true });
  expect(cross()[0]).toBeCloseTo(x - 0.1);
  expect(cross()[1]).toBeCloseTo(y - 0.2);
  press("ArrowRight", { ctrlKey: true });
  press("ArrowDown", { ctrlKey: true });
  press("ArrowDown", { ctrlKey: true });
  expect(cross()).toEqual([expect.closeTo(x), expect.closeTo(y)]);
  expect(bench.view.get().position).toEqual([10, 9, 3]);
});

test("the picture follows the cross that keys move, also by many presses between two drawings", async () => {
  const { desk, bench, cross, press, draw } = await zoomed();
  const seen = () => cross().every((part) => part > 0 && part < 1);
  for (let n = 0; n < 9; n++) {
    press("ArrowLeft", { altKey: true });
    expect(seen()).toBe(true);
  }
  expect(bench.view.get().position[0]).not.toBe(10);
  for (let n = 0; n < 8; n++) {
    for (let m = 0; m < 3; m++) desk.press("ArrowUp", { altKey: true });
    draw();
    expect(seen()).toBe(true);
  }
});

test("a cross that stays in sight shifts nothing, and one that leaves at one side shifts only there", async () => {
  const { bench, press } = await zoomed();
  const before = bench.camera.get();
  press("ArrowLeft", { altKey: true });
  expect(bench.camera.get()).toBe(before);
  for (let n = 0; n < 5; n++) press("ArrowLeft", { altKey: true });
  expect(bench.camera.get().shift[0]).not.toBe(before.shift[0]);
  expect(bench.camera.get().shift.slice(1)).toEqual([expect.closeTo(before.shift[1]), before.shift[2]]);
});

test("slices move no picture of their own plane, where somebody may look at another place than the cross", async () => {
  const { bench, press } = await zoomed();
  for (let n = 0; n < 6; n++) press("ArrowLeft", { ctrlKey: true });
  const [x, y, z] = bench.camera.get().shift;
  press("ArrowUp");
  press("ArrowUp");
  expect(bench.camera.get().shift).toEqual([x, y, expect.anything()]);
  expect(bench.camera.get().shift[2]).not.toBe(z);
});

test("Space shows where it paints", async () => {
  const { desk, cross, press } = await zoomed();
  for (let n = 0; n < 7; n++) press("ArrowLeft", { ctrlKey: true });
  expect(cross()[0]).toBeLessThan(0);
  press(" ");
  expect(desk.count(2)).toBeGreaterThan(0);
  expect(cross()[0]).toBeCloseTo(0.5);
});

test("keys make the window wider or narrower and the picture brighter or darker by a tenth, and it is kept", async () => {
  const { desk, bench } = await zoomed();
  const window = () => bench.window.map((value) => Math.round(value * 100) / 100);
  bench.setWindow([100, 200], "exact");
  desk.press("w");
  expect(window()).toEqual([95, 205]);
  desk.press("W", { shiftKey: true });
  expect(window()).toEqual([100, 200]);
  desk.press(".");
  expect(window()).toEqual([90, 190]);
  desk.press(",");
  desk.press(",");
  expect(window()).toEqual([110, 210]);
  expect(bench.settings.get().windows["1 T1c"]).toEqual({
    parts: [expect.closeTo(110 / 255), expect.closeTo(210 / 255)],
  });
});

test("a key takes the label under the cross; where there is none it changes nothing", async () => {
  const desk = await Desk.open();
  const { bench, editor } = desk;
  bench.goTo([5, 2, 1]);
  expect(editor.state.get().active.key).toBe("ED");
  desk.press("u");
  expect(editor.state.get().active.key).toBe("ET");
  bench.goTo([5, 9, 5]);
  desk.press("u");
  expect(editor.state.get().active.key).toBe("ET");
});
