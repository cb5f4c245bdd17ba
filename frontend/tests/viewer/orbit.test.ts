import { expect, test } from "vitest";
import { axesOf, dragged, matrixOf, type Orbit, project } from "@/viewer/orbit";

const FRONT: Orbit = { centre: [10, -20, 30], turn: 0, tilt: 0, halfMm: 100 };
const PANE = { width: 300, height: 200 };

test("from the front the patient's right is on the left, and the head is upright", () => {
  const right = project(FRONT, [60, -20, 30], PANE);
  const head = project(FRONT, [10, -20, 80], PANE);
  expect(right).toEqual([100, 100]);
  expect(head).toEqual([150, 50]);
  expect(axesOf(FRONT).towards[1]).toBeCloseTo(1);
});

test("a drag to the right by half the pane turns the near side to the right by a quarter", () => {
  const turned = dragged(FRONT, 0.5, 0);
  const [nose] = project(turned, [10, 30, 30], PANE);
  expect(nose).toBeGreaterThan(150);
  expect(axesOf(turned).towards[0]).toBeCloseTo(1);
});

test("a drag downwards shows the head from above, and never upside down", () => {
  const above = dragged(FRONT, 0, 2);
  expect(axesOf(above).towards[2]).toBeCloseTo(1);
  expect(axesOf(above).up[1]).toBeCloseTo(-1);
});

test("the axes of the screen are at right angles and not mirrored, however one looks", () => {
  const { right, up, towards } = axesOf({ ...FRONT, turn: 0.7, tilt: -0.4 });
  const cross = [
    right[1] * up[2] - right[2] * up[1],
    right[2] * up[0] - right[0] * up[2],
    right[0] * up[1] - right[1] * up[0],
  ];
  for (const axis of [0, 1, 2] as const) expect(cross[axis]).toBeCloseTo(towards[axis]);
});

test("the matrix agrees with the projection", () => {
  const orbit = { ...FRONT, turn: 1.1, tilt: 0.5 };
  const m = matrixOf(orbit, PANE);
  const point = [40, 5, -12] as const;
  const row = (n: number) =>
    (m[n] ?? 0) * point[0] + (m[4 + n] ?? 0) * point[1] + (m[8 + n] ?? 0) * point[2] + (m[12 + n] ?? 0);
  const [x, y] = project(orbit, point, PANE);
  expect(((row(0) + 1) / 2) * PANE.width).toBeCloseTo(x, 3);
  expect(((1 - row(1)) / 2) * PANE.height).toBeCloseTo(y, 3);
});
