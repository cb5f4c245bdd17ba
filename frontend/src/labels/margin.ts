/** Grow or shrink a label by millimetres. */
import { boxWhere, eachVoxel, maskIn, shapeOf, widened } from "./crop";
import { squaredDistance } from "./distance";
import { type Proposal, propose, type Scene } from "./proposal";

/** Spacings come out of affines with rounding: 1 mm has to reach a neighbour 1.00001 mm away. */
const ROUNDING_MM = 1e-3;

/**
 * Give the label every voxel whose centre lies within so many mm (Euclidean) of a centre of the label; or, with a
 * negative margin, empty its voxels that lie within so many mm of a voxel without it. The border of the image does
 * not count as outside.
 */
export function changeMargin(
  { grid, labels }: Scene,
  { label, mm }: { label: number; mm: number },
): Proposal {
  const around = boxWhere(grid.shape, (index) => labels[index] === label);
  if (!around || mm === 0) return propose(new Uint32Array(0), label);
  const reach = Math.abs(mm) + ROUNDING_MM;
  const { spacing } = grid;
  const pad = [1, 1, 1].map((_, axis) => (mm > 0 ? Math.ceil(reach / (spacing[axis] as number)) : 1));
  const box = widened(around, [pad[0] as number, pad[1] as number, pad[2] as number], grid.shape);
  const from = maskIn(grid.shape, box, (index) => (labels[index] === label) === mm > 0);
  const distance = squaredDistance(from, shapeOf(box), spacing);
  const indices: number[] = [];
  eachVoxel(grid.shape, box, (index, place) => {
    if (from[place] === 0 && (distance[place] as number) <= reach * reach) indices.push(index);
  });
  return propose(Uint32Array.from(indices), mm > 0 ? label : 0);
}
