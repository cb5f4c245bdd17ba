/** Smooth the surface of a label. */
import { ballPart, blur, TRUNCATED_AT } from "./blur";
import type { Box } from "./box";
import { boxWhere, eachVoxel, maskIn, shapeOf, widened } from "./crop";
import { type Proposal, propose, type Scene } from "./proposal";

/** How a label's part of a place is measured: weighed by a Gaussian (its σ), or counted in a ball (its radius); in mm. */
export interface Smoothing {
  readonly by: "gaussian" | "median";
  readonly mm: number;
}

/**
 * Measure the label's part around each voxel: it gets the voxels where its part is at least one half, and gives those
 * below to whatever else (background or a label) has the largest part there.
 */
export function smooth({ grid, labels }: Scene, { label, by, mm }: { label: number } & Smoothing): Proposal {
  const around = boxWhere(grid.shape, (index) => labels[index] === label);
  if (!around || mm <= 0) return propose(new Uint32Array(0), label);
  // Twice the ball: where the box ends, a ball that it cuts holds nothing of the label.
  const reach = by === "gaussian" ? TRUNCATED_AT * mm : 2 * mm;
  const [x, y, z] = grid.spacing.map((spacing) => 1 + Math.ceil(reach / spacing)) as [number, number, number];
  const box = widened(around, [x, y, z], grid.shape);
  const own = partOf({ grid, labels }, box, { value: label, by, mm });
  const lost: number[] = [];
  const wanted = maskIn(grid.shape, box, () => false);
  eachVoxel(grid.shape, box, (index, place) => {
    const value = labels[index] as number;
    const inside = (own[place] as number) >= 0.5;
    wanted[place] = inside ? label : value;
    if (!inside && value === label) lost.push(place);
  });
  giveAway({ grid, labels }, box, { label, by, mm, lost, wanted });
  return differing({ grid, labels }, box, wanted);
}

function partOf(
  { grid, labels }: Scene,
  box: Box,
  { value, by, mm }: { value: number } & Smoothing,
): Float32Array {
  const mask = maskIn(grid.shape, box, (index) => labels[index] === value);
  if (by === "median") return ballPart(mask, shapeOf(box), { spacing: grid.spacing, radiusMm: mm });
  const part = Float32Array.from(mask);
  blur(part, shapeOf(box), { spacing: grid.spacing, sigmaMm: mm });
  return part;
}

function giveAway(
  scene: Scene,
  box: Box,
  { label, by, mm, lost, wanted }: { label: number; lost: readonly number[]; wanted: Uint8Array } & Smoothing,
): void {
  const present = new Set<number>();
  eachVoxel(scene.grid.shape, box, (index) => void present.add(scene.labels[index] as number));
  const best = new Float32Array(wanted.length).fill(-1);
  for (const value of [...present].filter((each) => each !== label).sort((a, b) => a - b)) {
    const part = partOf(scene, box, { value, by, mm });
    for (const place of lost) {
      if ((part[place] as number) <= (best[place] as number)) continue;
      best[place] = part[place] as number;
      wanted[place] = value;
    }
  }
}

function differing({ grid, labels }: Scene, box: Box, wanted: Uint8Array): Proposal {
  const indices: number[] = [];
  const after: number[] = [];
  eachVoxel(grid.shape, box, (index, place) => {
    if (wanted[place] === labels[index]) return;
    indices.push(index);
    after.push(wanted[place] as number);
  });
  return { indices: Uint32Array.from(indices), after: Uint8Array.from(after) };
}
