import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Grid, makeGrid, type Surface, surfaceOf, volumeInside } from "@/labels";

const OBLIQUE = [
  [0.9, -0.3, 0.2, -20],
  [0.3, 1.1, -0.1, 35],
  [-0.15, 0.2, 2.4, 7],
  [0, 0, 0, 1],
];
const PLAIN = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
  [0, 0, 0, 1],
];

function ball(grid: Grid, radius: number): Uint8Array {
  const labels = new Uint8Array(grid.size);
  const [nx, ny, nz] = grid.shape;
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++)
        if (Math.hypot(x - nx / 2, y - ny / 2, z - nz / 2) < radius) labels[x + y * nx + z * nx * ny] = 3;
  return labels;
}

const count = (labels: Uint8Array, value: number) => labels.filter((label) => label === value).length;

/** Sides that are not walked as often one way as the other: none on a closed surface. */
function openSides({ triangles }: Surface): number {
  const balance = new Map<string, number>();
  for (let t = 0; t < triangles.length; t += 3) {
    for (let corner = 0; corner < 3; corner++) {
      const [a, b] = [triangles[t + corner] as number, triangles[t + ((corner + 1) % 3)] as number];
      const key = a < b ? `${a} ${b}` : `${b} ${a}`;
      balance.set(key, (balance.get(key) ?? 0) + (a < b ? 1 : -1));
    }
  }
  return [...balance.values()].filter((each) => each !== 0).length;
}

describe("the surface of a ball", () => {
  test.each([
    ["isotropic", PLAIN, 12],
    ["oblique and anisotropic", OBLIQUE, 12],
    ["small", PLAIN, 3],
  ] as const)("%s: it is closed and holds the voxels' volume within 3 %%", (_, affine, radius) => {
    const grid = makeGrid([30, 30, 30], affine);
    const labels = ball(grid, radius);
    const surface = surfaceOf(grid, labels, 3);
    expect(openSides(surface)).toBe(0);
    const voxels = count(labels, 3) * Math.abs(volumeOfVoxel(affine));
    expect(volumeInside(surface) / voxels).toBeCloseTo(1, 1);
    expect(Math.abs(volumeInside(surface) / voxels - 1)).toBeLessThan(0.03);
  });

  test("its normals point outwards, and its vertices lie within a voxel of the true sphere", () => {
    const grid = makeGrid([30, 30, 30], PLAIN);
    const { positions, normals } = surfaceOf(grid, ball(grid, 11), 3);
    for (let at = 0; at < positions.length; at += 3) {
      const [x, y, z] = [0, 1, 2].map((axis) => (positions[at + axis] as number) - 15) as [
        number,
        number,
        number,
      ];
      const outwards =
        x * (normals[at] as number) + y * (normals[at + 1] as number) + z * (normals[at + 2] as number);
      expect(outwards / Math.hypot(x, y, z)).toBeGreaterThan(0.7);
      expect(Math.abs(Math.hypot(x, y, z) - 11)).toBeLessThan(1);
    }
  });
});

function volumeOfVoxel(affine: readonly (readonly number[])[]): number {
  const [a, b, c] = affine as [number[], number[], number[]];
  const m = (row: number[], column: number) => row[column] as number;
  return (
    (m(a, 0) * (m(b, 1) * m(c, 2) - m(b, 2) * m(c, 1)) -
      m(a, 1) * (m(b, 0) * m(c, 2) - m(b, 2) * m(c, 0)) +
      m(a, 2) * (m(b, 0) * m(c, 1) - m(b, 1) * m(c, 0))) /
    1000
  );
}

test("a mirrored grid still has its outside outside", () => {
  const grid = makeGrid(
    [20, 20, 20],
    [
      [-1, 0, 0, 5],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ],
  );
  expect(volumeInside(surfaceOf(grid, ball(grid, 6), 3))).toBeGreaterThan(0);
});

test("a single voxel in a corner of the grid is closed and lies where the voxel is", () => {
  const grid = makeGrid([4, 5, 6], OBLIQUE);
  const labels = new Uint8Array(grid.size);
  labels[0] = 1;
  const surface = surfaceOf(grid, labels, 1);
  expect(openSides(surface)).toBe(0);
  for (let at = 0; at < surface.positions.length; at += 3) {
    expect(
      Math.hypot((surface.positions[at] as number) + 20, (surface.positions[at + 1] as number) - 35),
    ).toBeLessThan(2);
  }
});

test("a label that no voxel has gives no triangles", () => {
  const grid = makeGrid([4, 4, 4], PLAIN);
  expect(surfaceOf(grid, new Uint8Array(64), 1).triangles).toHaveLength(0);
});

test("any voxels whatever give a closed surface", () => {
  const grid = makeGrid([5, 4, 3], PLAIN);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 60, maxLength: 60, max: 2 }), (labels) => {
      expect(openSides(surfaceOf(grid, labels, 1))).toBe(0);
    }),
  );
});
