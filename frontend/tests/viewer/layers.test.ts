import { expect, test } from "vitest";
import { makeGrid } from "@/labels";
import { FakeViewer } from "@/viewer/fake";
import { coloursOf, type LabelLayer, LayerPainter } from "@/viewer/layers";

const pixel = (value: number, highest = 1) => [...coloursOf(Float32Array.of(value), highest)];

test("nothing is seen of 0, and all of the highest", () => {
  expect(pixel(0)).toEqual([0, 0, 0, 0]);
  expect(pixel(2, 2)).toEqual([252, 253, 191, 255]);
  expect(pixel(5, 2)).toEqual(pixel(2, 2));
});

test("a higher value is never darker and never less to be seen", () => {
  const all = Array.from({ length: 101 }, (_, n) => pixel(n / 100));
  const brightness = all.map(([r = 0, g = 0, b = 0]) => 0.3 * r + 0.6 * g + 0.1 * b);
  for (let n = 1; n < all.length; n++) {
    expect(brightness[n]).toBeGreaterThanOrEqual(brightness[n - 1] as number);
    expect(all[n]?.[3]).toBeGreaterThanOrEqual(all[n - 1]?.[3] as number);
  }
});

/** Labels that count how often they are read, a context that notes the lines drawn, and a painter for both. */
function easel() {
  const grid = makeGrid(
    [6, 6, 6],
    [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ],
  );
  let reads = 0;
  const labels = new Proxy(new Uint8Array(grid.size), {
    get: (target, name) => {
      reads++;
      return target[name as unknown as number];
    },
  });
  labels[2 + 6 * 2 + 36 * 2] = 1;
  labels[4 + 6 * 2 + 36 * 2] = 2;
  const lines: string[] = [];
  const pen = { strokeStyle: "", lineWidth: 0, canvas: { width: 1, height: 1 } };
  const done = (name: string | symbol) => () => {
    if (name === "stroke") lines.push(`${pen.strokeStyle} ${pen.lineWidth}`);
  };
  const ctx = new Proxy(pen, {
    get: (target, name) => (name in target ? target[name as keyof typeof pen] : done(name)),
  });
  const viewer = new FakeViewer(grid);
  viewer.setPosition([2, 2, 2]);
  const painter = new LayerPainter(grid);
  const colours = new Map([[1, "#ff0000"]]);
  /** Draw one layer of these labels; return how often they were read for it, and the lines in colours. */
  const draw = (layer: Partial<LabelLayer> = {}) => {
    [reads, lines.length] = [0, 0];
    const all: LabelLayer = { kind: "labels", labels, revision: 0, colours, ...layer };
    const layers = [all];
    painter.draw(ctx as unknown as CanvasRenderingContext2D, {
      tiles: viewer.tiles(),
      position: [2, 2, 2],
      layers,
    });
    return { reads, lines: lines.filter((line) => line.startsWith("#")) };
  };
  return { draw };
}

test("a label is a line of its colour in each plane, and one without a colour is not drawn", () => {
  const { draw } = easel();
  expect(draw().lines).toEqual(["#ff0000 1", "#ff0000 1", "#ff0000 1"]);
  expect(draw({ colours: new Map([[2, "#00ff00"]]) }).lines).toEqual(["#00ff00 1", "#00ff00 1"]);
});

test("lines are found anew only when the labels have changed", () => {
  const { draw } = easel();
  expect(draw().reads).toBeGreaterThan(0);
  expect(draw().reads).toBe(0);
  expect(draw({ revision: 1 }).reads).toBeGreaterThan(0);
  expect(draw({ revision: 1 }).reads).toBe(0);
});
