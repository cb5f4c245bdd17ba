import fc from "fast-check";
import { expect, test } from "vitest";
import { growQuery, indexOf, intensityAt, makeGrid, type Operation, operate, type Vec3 } from "@/labels";
import { grow } from "@/labels/grow";
import {
  at,
  axes,
  connectivities,
  labelValues,
  masks,
  run,
  SHAPE,
  SPACING,
  spread,
  touching,
  VOXELS,
  voxels,
} from "./blocks";

test("removing islands empties exactly the parts with too few voxels", () => {
  fc.assert(
    fc.property(masks, labelValues, fc.nat(30), connectivities, (labels, label, fewerThan, connectivity) => {
      const result = run(labels, { kind: "remove islands", label, fewerThan, connectivity });
      labels.forEach((value, i) => {
        const part = spread(
          [i],
          (j) => labels[j] === label,
          (a, b) => touching(a, b, connectivity),
        );
        expect(result[i]).toBe(value === label && part.size < fewerThan ? 0 : value);
      });
    }),
    { numRuns: 25 },
  );
});

test("the clicked part is kept, relabelled or taken away as a whole and alone", () => {
  fc.assert(
    fc.property(masks, labelValues, voxels, connectivities, (labels, label, voxel, connectivity) => {
      const near = (a: Vec3, b: Vec3) => touching(a, b, connectivity);
      const kept = run(labels, { kind: "keep part", label, voxel, connectivity });
      const own = spread([at(voxel)], (i) => labels[i] === label, near);
      labels.forEach((value, i) => {
        expect(kept[i]).toBe(own.size > 0 && value === label && !own.has(i) ? 0 : value);
      });
      const clicked = labels[at(voxel)];
      const part = spread([at(voxel)], (i) => clicked !== 0 && labels[i] === clicked, near);
      const moved = run(labels, { kind: "relabel part", label, voxel, connectivity });
      labels.forEach((value, i) => {
        expect(moved[i]).toBe(part.has(i) ? label : value);
      });
    }),
    { numRuns: 40 },
  );
});

test("holes are what no path leads out of, in space, in one slice or in every slice", () => {
  const cases = fc.record({
    labels: masks,
    label: labelValues,
    axis: fc.option(axes),
    slice: fc.option(fc.nat(4)),
    inside: fc.constantFrom<("empty" | "any label")[]>("empty", "any label"),
  });
  fc.assert(
    fc.property(cases, ({ labels, label, axis, slice, inside }) => {
      const result = run(labels, { kind: "fill holes", label, axis, slice, inside });
      const near = (a: Vec3, b: Vec3) => touching(a, b, 6) && (axis === null || a[axis] === b[axis]);
      const border = VOXELS.flatMap((voxel, i) =>
        voxel.some((v, a) => a !== axis && (v === 0 || v === (SHAPE[a] ?? 0) - 1)) ? [i] : [],
      );
      const open = spread(border, (i) => labels[i] !== label, near);
      labels.forEach((value, i) => {
        const here = axis === null || slice === null || VOXELS[i]?.[axis] === slice;
        const filled = here && value !== label && !open.has(i) && (inside === "any label" || value === 0);
        expect(result[i]).toBe(filled ? label : value);
      });
    }),
    { numRuns: 60 },
  );
});

function mm(a: Vec3, b: Vec3): number {
  return Math.hypot(...a.map((value, axis) => (value - (b[axis] ?? 0)) * (SPACING[axis] ?? 0)));
}

test("a margin adds or takes exactly the voxels within its distance in mm", () => {
  const margins = fc.constantFrom(-3, -2, -1, -0.5, 0.5, 1, 1.5, 2, 3.3);
  fc.assert(
    fc.property(masks, labelValues, margins, (labels, label, margin) => {
      const result = run(labels, { kind: "margin", label, mm: margin });
      const from = VOXELS.filter((_, i) => (labels[i] === label) === margin > 0);
      labels.forEach((value, i) => {
        const near = from.some((voxel) => mm(voxel, VOXELS[i] as Vec3) <= Math.abs(margin) + 1e-6);
        const expected = margin > 0 ? (near ? label : value) : value === label && near ? 0 : value;
        expect(result[i]).toBe(expected);
      });
    }),
    { numRuns: 40 },
  );
});

/** The label's part of a voxel, by one sum over all neighbours in space. */
function partAt(labels: Uint8Array, value: number, voxel: Vec3, sigma: number): number {
  let [sum, total] = [0, 0];
  const reach = SPACING.map((spacing) => Math.ceil((3 * sigma) / spacing)) as [number, number, number];
  for (let dz = -reach[2]; dz <= reach[2]; dz++) {
    for (let dy = -reach[1]; dy <= reach[1]; dy++) {
      for (let dx = -reach[0]; dx <= reach[0]; dx++) {
        const weight = Math.exp(-(mm([dx, dy, dz], [0, 0, 0]) ** 2) / (2 * sigma * sigma));
        const place = [dx, dy, dz].map((d, a) =>
          Math.min((SHAPE[a] ?? 0) - 1, Math.max(0, (voxel[a] ?? 0) + d)),
        ) as [number, number, number];
        total += weight;
        if (labels[at(place)] === value) sum += weight;
      }
    }
  }
  return sum / total;
}

/** The label's part of the voxels within a radius, counted one by one. */
function partInBall(labels: Uint8Array, value: number, voxel: Vec3, radiusMm: number): number {
  const near = VOXELS.flatMap((other, i) => (mm(voxel, other) <= radiusMm + 1e-6 ? [i] : []));
  return near.filter((i) => labels[i] === value).length / near.length;
}

test("the median gives a voxel to the label that half of the voxels within its radius have", () => {
  fc.assert(
    fc.property(masks, labelValues, fc.constantFrom(1, 2, 3.1), (labels, label, radius) => {
      const result = run(labels, { kind: "smooth", label, by: "median", mm: radius });
      labels.forEach((value, i) => {
        const parts = [0, 1, 2, 3].map((each) => partInBall(labels, each, VOXELS[i] as Vec3, radius));
        if ((parts[label] as number) >= 0.5) expect(result[i]).toBe(label);
        else if (value !== label) expect(result[i]).toBe(value);
        else {
          const best = Math.max(...parts.filter((_, each) => each !== label));
          expect(parts[result[i] as number]).toBeCloseTo(best, 6);
          expect(result[i]).not.toBe(label);
        }
      });
    }),
    { numRuns: 12 },
  );
});

test("smoothing gives a voxel to the label with at least half of it, and the others to the next best", () => {
  fc.assert(
    fc.property(masks, labelValues, fc.constantFrom(0.5, 1), (labels, label, sigmaMm) => {
      const result = run(labels, { kind: "smooth", label, by: "gaussian", mm: sigmaMm });
      labels.forEach((value, i) => {
        const parts = [0, 1, 2, 3].map((each) => partAt(labels, each, VOXELS[i] as Vec3, sigmaMm));
        const own = parts[label] as number;
        if (Math.abs(own - 0.5) < 1e-5) return;
        if (own > 0.5) expect(result[i]).toBe(label);
        else if (value !== label) expect(result[i]).toBe(value);
        else {
          const best = Math.max(...parts.filter((_, each) => each !== label));
          expect(parts[result[i] as number]).toBeCloseTo(best, 4);
          expect(result[i]).not.toBe(label);
        }
      });
    }),
    { numRuns: 8 },
  );
});

test("boolean operations, swapping and copying a slice are what they say", () => {
  const others = fc.array(fc.record({ labels: masks, values: fc.subarray([1, 2, 3]) }), { maxLength: 2 });
  const cases = fc.record({ labels: masks, label: labelValues, b: labelValues, others, axis: axes });
  fc.assert(
    fc.property(cases, fc.nat(4), fc.nat(4), ({ labels, label, b, others: masksBeside, axis }, from, to) => {
      const inside = (i: number) => masksBeside.some((o) => o.values.includes(o.labels[i] as number));
      for (const how of ["union", "intersect", "subtract"] as const) {
        const result = run(labels, { kind: "combine", label, how, others: masksBeside });
        labels.forEach((value, i) => {
          const has = value === label;
          const wanted = {
            union: has || inside(i),
            intersect: has && inside(i),
            subtract: has && !inside(i),
          }[how];
          expect(result[i]).toBe(wanted ? label : has ? 0 : value);
        });
      }
      const swapped = run(labels, { kind: "swap", a: label, b });
      labels.forEach((value, i) => {
        expect(swapped[i]).toBe(value === label ? b : value === b ? label : value);
      });
      const copied = run(labels, { kind: "copy slice", label, axis, from, to });
      labels.forEach((value, i) => {
        const voxel = [...(VOXELS[i] as Vec3)] as [number, number, number];
        const here = voxel[axis] === to;
        voxel[axis] = from;
        const wants = labels[at(voxel)] === label;
        expect(copied[i]).toBe(!here ? value : wants ? label : value === label ? 0 : value);
      });
    }),
    { numRuns: 30 },
  );
});

test("reverting puts the given labels back where it was asked, and nowhere else", () => {
  fc.assert(
    fc.property(masks, masks, voxels, axes, connectivities, (labels, given, voxel, axis, connectivity) => {
      const check = (
        where: Extract<Operation, { kind: "revert" }>["where"],
        chosen: (i: number) => boolean,
      ) => {
        const result = run(labels, { kind: "revert", given, where });
        labels.forEach((value, i) => {
          expect(result[i]).toBe(chosen(i) ? given[i] : value);
        });
      };
      const slice = voxel[axis];
      check({ kind: "slice", axis, slice }, (i) => VOXELS[i]?.[axis] === slice);
      check({ kind: "label", label: 2 }, (i) => labels[i] === 2 || given[i] === 2);
      const high: Vec3 = [7, voxel[1], 4];
      check({ kind: "box", box: { low: [voxel[0], 0, 0], high } }, (i) => {
        const [x, y] = VOXELS[i] as Vec3;
        return x >= voxel[0] && y <= voxel[1];
      });
      const label = labels[at(voxel)] || given[at(voxel)];
      const part = spread(
        [at(voxel)],
        (i) => label !== 0 && (labels[i] === label || given[i] === label),
        (a, b) => touching(a, b, connectivity),
      );
      check({ kind: "part", voxel, connectivity }, (i) => part.has(i));
      check({ kind: "voxels", voxels: Uint32Array.of(3, 7, at(voxel)) }, (i) =>
        [3, 7, at(voxel)].includes(i),
      );
    }),
    { numRuns: 25 },
  );
});

test("what a click grows from a slab of the image is what growing over the whole image finds", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 6 * 5 * 4, maxLength: 6 * 5 * 4 }),
      fc.tuple(fc.nat(5), fc.nat(4), fc.nat(3)),
      fc.constantFrom<null | 0 | 1 | 2>(null, 0, 1, 2),
      fc.constantFrom(1, 2.5, 5, 100),
      (values, seed, axis, limitMm) => {
        const affine = [
          [1, 0, 0, 0],
          [0, 1.5, 0, 0],
          [0, 0, 2, 0],
          [0, 0, 0, 1],
        ];
        const grid = makeGrid([6, 5, 4], affine);
        const image = { raw: Int16Array.from(values), slope: -2, intercept: 7 };
        const labels = Uint8Array.from(values, (value) => (value * 7) % 3);
        const query = growQuery(grid, image, { seed, axis, limitMm, tolerance: 2 });
        const shown = (index: number) => intensityAt(image, index);
        const middle = shown(indexOf(grid, seed));
        const all = grow(grid, seed, {
          axis,
          limitMm,
          belongs: (index) => Math.abs(shown(index) - middle) <= 2,
        });
        const painted = operate({ grid, labels }, { kind: "grow", label: 2, only: null, ...query });
        expect([...painted.indices]).toEqual([...all]);
        const emptied = operate({ grid, labels }, { kind: "grow", label: 0, only: 1, ...query });
        expect([...emptied.indices]).toEqual([...all].filter((index) => labels[index] === 1));
      },
    ),
  );
});
