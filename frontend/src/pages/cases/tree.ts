/** The tree of a case's segmentations: a correction hangs below the mask that it started from. */
import type { Segmentation } from "@/api/cases";

/** One segmentation and how deep it hangs. */
export interface Branch {
  readonly segmentation: Segmentation;
  readonly depth: number;
}

/**
 * Return the segmentations parents first, each followed by its corrections, oldest first. One whose parent may not
 * be seen is a root.
 */
export function branches(segmentations: readonly Segmentation[]): readonly Branch[] {
  const known = new Set(segmentations.map(({ id }) => id));
  const oldestFirst = [...segmentations].sort((a, b) => a.id - b.id);
  const below = (parent: number | null, depth: number): Branch[] =>
    oldestFirst
      .filter((each) => (each.parent && known.has(each.parent) ? each.parent : null) === parent)
      .flatMap((segmentation) => [{ segmentation, depth }, ...below(segmentation.id, depth + 1)]);
  return below(null, 0);
}
