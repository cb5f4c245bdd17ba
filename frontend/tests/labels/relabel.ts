/** The plainest edit: some voxels get one label. */
import { type PackedEdit, packEdit } from "@/labels";

/** Return the edit that sets these voxels of a layer to one label, leaving out those that have it already. */
export function relabel(
  layer: number,
  labels: Uint8Array,
  { voxels, label }: { voxels: Uint32Array; label: number },
): PackedEdit {
  const indices = Uint32Array.from(new Set(voxels))
    .filter((index) => labels[index] !== label)
    .sort();
  const before = Uint8Array.from(indices, (index) => labels[index] ?? 0);
  return packEdit({ layer, indices, before, after: new Uint8Array(indices.length).fill(label) });
}
