/** Smooth the surface of a label. */
import { blur, TRUNCATED_AT } from "./blur";
import type { Box } from "./box";
import { boxWhere, eachVoxel, maskIn, shapeOf, widened } from "./crop";
import { type Proposal, propose, type Scene } from "./proposal";

/**
 * Blur the label's part of each voxel by a Gaussian of so many mm: it gets the voxels where its part is at least one
 * half, and gives those below to whatever else (background or a label) has the largest part there.
 */
export function smooth(
  { grid, labels }: Scene,
  { label, sigmaMm }: { label: number; sigmaMm: number },
): Proposal {
  const around = boxWhere(grid.shape, (index) => labels[index] === label);
  if (!around || sigmaMm <= 0) return propose(new Uint32Array(0), label);
  const [x, y, z] = grid.spacing.map((mm) => Math.ceil((TRUNCATED_AT * sigmaMm) / mm)) as [
    number,
    number,
    number,
  ];
  const box = widened(around, [x, y, z], grid.shape);
  const own = partOf({ grid, labels }, box, { value: label, sigmaMm });
  const lost: number[] = [];
  const wanted = maskIn(grid.shape, box, () => false);
  eachVoxel(grid.shape, box, (index, place) => {
    const value = labels[index] as number;
    const inside = (own[place] as number) >= 0.5;
    wanted[place] = inside ? label : value;
    if (!inside && value === label) lost.push(place);
  });
  giveAway({ grid, labels }, box, { label, sigmaMm, lost, wanted });
  return differing({ grid, labels }, box, wanted);
}

function partOf(
  { grid, labels }: Scene,
  box: Box,
  { value, sigmaMm }: { value: number; sigmaMm: number },
): Float32Array {
  const part = Float32Array.from(maskIn(grid.shape, box, (index) => labels[index] === value));
  blur(part, shapeOf(box), { spacing: grid.spacing, sigmaMm });
  return part;
}

function giveAway(
  scene: Scene,
  box: Box,
  {
    label,
    sigmaMm,
    lost,
    wanted,
  }: { label: number; sigmaMm: number; lost: readonly number[]; wanted: Uint8Array },
): void {
  const present = new Set<number>();
  eachVoxel(scene.grid.shape, box, (index) => void present.add(scene.labels[index] as number));
  const best = new Float32Array(wanted.length).fill(-1);
  for (const value of [...present].filter((each) => each !== label).sort((a, b) => a - b)) {
    const part = partOf(scene, box, { value, sigmaMm });
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
