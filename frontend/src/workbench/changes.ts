/** What an operation changed, in words: the name of its step and its outcome. */
import { countEdit, type PackedEdit } from "@/labels";
import type { EditorLabel } from "./editor";

/** One label that an edit changed, and by how many voxels. */
interface Changed {
  readonly name: string;
  readonly gained: number;
  readonly lost: number;
}

/** The labels that an edit changed, in the order of the scheme. */
function changedBy(edit: PackedEdit, labels: readonly EditorLabel[]): Changed[] {
  const { added, removed } = countEdit(edit);
  return labels
    .filter(({ layerIndex }) => layerIndex === edit.layer)
    .map(({ name, value }) => ({ name, gained: added.get(value) ?? 0, lost: removed.get(value) ?? 0 }))
    .filter(({ gained, lost }) => gained + lost > 0);
}

/** A step that changed more labels is named without them: its line in the history is short. */
const MOST_NAMED = 2;

/**
 * Return the name of a step: with the label that the work was done on, or else, where `on` is null, with the labels
 * that it changed.
 */
export function stepName(
  work: string,
  { edit, on, labels }: { edit: PackedEdit; on: EditorLabel | null; labels: readonly EditorLabel[] },
): string {
  const names = on ? [on.name] : changedBy(edit, labels).map(({ name }) => name);
  return names.length > MOST_NAMED ? work : `${work} · ${names.join(" and ")}`;
}

/** Say of each label that changed how many voxels it gained and lost, and how many more were kept back. */
export function outcomeOf(
  edit: PackedEdit,
  { labels, refused }: { labels: readonly EditorLabel[]; refused: number },
): string {
  const changes = changedBy(edit, labels).map(
    ({ name, gained, lost }) =>
      `${name}: ${gained.toLocaleString()} voxels more, ${lost.toLocaleString()} fewer`,
  );
  const kept = refused > 0 ? ` ${refused.toLocaleString()} were kept back by locks or limits.` : "";
  return `${changes.join("; ")}.${kept}`;
}

/** Say that all that was wanted was kept back. */
export function keptBack(voxels: number): string {
  return `All ${voxels.toLocaleString()} voxels were kept back: by a locked label, “paint over”, the range or the brain limit.`;
}
