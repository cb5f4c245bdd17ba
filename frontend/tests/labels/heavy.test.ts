import { morphologicalContourInterpolationNode } from "@itk-wasm/morphological-contour-interpolation";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BACKGROUND, FOREGROUND, fillBetweenSlices, findBrain, growCut, makeGrid, type Vec3 } from "@/labels";
import { interpolationBy } from "@/worker/contourFilter";
import { at, GRID, SHAPE, touching, VOXELS, voxels } from "./blocks";

test("grow-cut is the rest state of the automaton", () => {
  const images = fc.uint8Array({ minLength: GRID.size, maxLength: GRID.size });
  const marks = fc
    .array(fc.record({ voxel: voxels, kind: fc.constantFrom<number[]>(FOREGROUND, BACKGROUND) }), {
      maxLength: 6,
    })
    .map((each) => {
      const map = new Uint8Array(GRID.size);
      for (const { voxel, kind } of each) map[at(voxel)] = kind;
      return map;
    });
  fc.assert(
    fc.property(images, images, marks, (first, second, seeds) => {
      const result = growCut({
        shape: SHAPE,
        channels: [first, second].map((i) => Float32Array.from(i)),
        marks: seeds,
      });
      const channels = [first, second].map((image) => {
        const [low, high] = [Math.min(...image), Math.max(...image)];
        return Float32Array.from(image, (value) => (value - low) / (high - low || 1));
      });
      const best = [FOREGROUND, BACKGROUND].map((kind) => strengths(channels, seeds, kind));
      result.forEach((kind, i) => {
        const [foreground = 0, background = 0] = best.map((strength) => strength[i] as number);
        if (foreground === 0 && background === 0) expect(kind).toBe(0);
        else if (Math.abs(foreground - background) > 1e-4 * Math.max(foreground, background))
          expect(kind).toBe(foreground > background ? FOREGROUND : BACKGROUND);
      });
    }),
    { numRuns: 20 },
  );
});

/** The strength that reaches each voxel from the marks of one kind, by passing it on until nothing changes. */
function strengths(channels: readonly Float32Array[], seeds: Uint8Array, kind: number): number[] {
  const strength = Array.from(seeds, (seed) => (seed === kind ? 1 : 0) as number);
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i < GRID.size; i++) {
      for (const step of [-1, 1, -8, 8, -56, 56]) {
        const j = i + step;
        if (!VOXELS[j] || !touching(VOXELS[i] as Vec3, VOXELS[j] as Vec3, 6)) continue;
        const differences = channels.map((c) => Math.abs((c[i] as number) - (c[j] as number)));
        const reached = (strength[i] as number) * (1 - Math.max(...differences));
        if (reached <= (strength[j] as number) + 1e-12) continue;
        strength[j] = reached;
        changed = true;
      }
    }
  }
  return strength;
}

test("slices between drawn ones are filled; drawn ones and other labels stay", async () => {
  const grid = makeGrid(
    [40, 36, 24],
    [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 3, 0],
      [0, 0, 0, 1],
    ],
  );
  const labels = new Uint8Array(grid.size);
  const disc = (z: number, radius: number, label: number) => {
    for (let y = 0; y < 36; y++)
      for (let x = 0; x < 40; x++)
        if (Math.hypot(x - 20, y - 18) <= radius) labels[x + y * 40 + z * 1440] = label;
  };
  disc(4, 5, 2);
  disc(14, 13, 2);
  disc(9, 3, 1);
  const interpolate = interpolationBy(morphologicalContourInterpolationNode as never);
  const proposal = await fillBetweenSlices({ grid, labels }, { label: 2, axis: 2, interpolate });
  expect(new Set(proposal.after)).toEqual(new Set([2]));
  const areas = new Map<number, number>();
  for (const index of proposal.indices) {
    const z = Math.floor(index / 1440);
    areas.set(z, (areas.get(z) ?? 0) + 1);
  }
  expect([...areas.keys()]).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13]);
  const sizes = [...areas.values()];
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  const [low, high] = [
    labels.filter((l, i) => l === 2 && i < 5 * 1440).length,
    labels.filter((l) => l === 2).length,
  ];
  for (const size of sizes) {
    expect(size).toBeGreaterThanOrEqual(low);
    expect(size).toBeLessThanOrEqual(high - low);
  }
});

test("a lesion's gaps are filled also where another lesion is drawn through", async () => {
  const labels = new Uint8Array(GRID.size);
  VOXELS.forEach(([x, y, z], i) => {
    if (x < 3 && y < 3) labels[i] = 1;
    if (x > 4 && y > 3 && (z === 0 || z === 4)) labels[i] = 1;
  });
  const interpolate = interpolationBy(morphologicalContourInterpolationNode as never);
  const filled = await fillBetweenSlices({ grid: GRID, labels }, { label: 1, axis: 2, interpolate });
  const expected = VOXELS.flatMap(([x, y, z], i) => (x > 4 && y > 3 && z > 0 && z < 4 ? [i] : []));
  expect([...filled.indices]).toEqual(expected);
  const across = await fillBetweenSlices({ grid: GRID, labels }, { label: 1, axis: 0, interpolate });
  expect(across.indices).toHaveLength(0);
});

const HEAD = makeGrid(
  [50, 56, 50],
  [
    [4, 0, 0, 0],
    [0, 4, 0, 0],
    [0, 0, 4, 0],
    [0, 0, 0, 1],
  ],
);

/** Ellipsoids in mm round the middle of the head: brain, dark skull, bright scalp, air with some noise. */
function head({ stripped }: { stripped: boolean }): { raw: Int16Array; brain: Uint8Array } {
  const raw = new Int16Array(HEAD.size);
  const brain = new Uint8Array(HEAD.size);
  for (let i = 0; i < HEAD.size; i++) {
    const [x, y, z] = [i % 50, Math.floor(i / 50) % 56, Math.floor(i / 2800)];
    const part = (mm: number) =>
      Math.hypot((x * 4 - 98) / (60 + mm), (y * 4 - 110) / (75 + mm), (z * 4 - 98) / (60 + mm)) <= 1;
    const noise = (i * 7919) % 13;
    if (part(0)) {
      brain[i] = 1;
      raw[i] = 400 + noise;
    } else if (!stripped) raw[i] = part(8) ? 20 + noise : part(16) ? 500 + noise : noise;
  }
  return { raw, brain };
}

test("of a skull-stripped head the brain is all that is not background", () => {
  const { raw, brain } = head({ stripped: true });
  expect(findBrain(HEAD, raw)).toEqual(brain);
});

test("in a whole head the brain is found inside the skull, about", () => {
  const { raw, brain } = head({ stripped: false });
  const found = findBrain(HEAD, raw);
  let [both, sum] = [0, 0];
  found.forEach((inside, i) => {
    both += inside & (brain[i] as number);
    sum += inside + (brain[i] as number);
  });
  expect((2 * both) / sum).toBeGreaterThan(0.93);
});

test("an image without a brain limits nothing", () => {
  expect(findBrain(GRID, new Int16Array(GRID.size))).toEqual(new Uint8Array(GRID.size).fill(1));
});
