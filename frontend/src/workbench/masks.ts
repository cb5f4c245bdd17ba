/**
 * The masks of a case that a label can be combined with: labels and regions, as they are now, as they were given, and
 * where the study shows it, in the previous exam. Never a mask that the person may not see.
 */
import type { OtherMask } from "@/labels";
import type { Editor, EditorLabel } from "./editor";

/** A mask that can be chosen. */
export interface MaskChoice {
  readonly key: string;
  readonly name: string;
  /** Of the labels being edited, of the mask as it was given, or of that of the previous exam. */
  readonly from: "now" | "given" | "previous";
  readonly labels: readonly EditorLabel[];
}

/** Return all masks but the active label itself, labels before regions, those of now first. */
export function maskChoices(editor: Editor, { previous }: { previous: boolean }): MaskChoice[] {
  const { active } = editor.state.get();
  const labels = editor.labels.map((label) => ({ key: label.key, name: label.name, labels: [label] }));
  const regions = editor.scheme.regions.map((region) => ({
    key: `region ${region.key}`,
    name: region.name,
    labels: editor.labels.filter((label) => region.labels.includes(label.key)),
  }));
  const all = [...labels, ...regions];
  return [
    ...all.filter((each) => each.key !== active.key).map((each) => ({ ...each, from: "now" as const })),
    ...all.map((each) => ({ ...each, key: `given ${each.key}`, from: "given" as const })),
    ...(previous
      ? all.map((each) => ({ ...each, key: `previous ${each.key}`, from: "previous" as const }))
      : []),
  ];
}

/** What people read for a mask. */
export function maskName({ name, from }: MaskChoice): string {
  if (from === "now") return name;
  return from === "given" ? `${name} as given` : `${name} in the previous exam`;
}

/** Return a chosen mask as layers and the values in them. */
export function layersOf({ labels }: MaskChoice, layers: readonly Uint8Array[]): OtherMask[] {
  return layers.flatMap((layer, n) => {
    const values = labels.filter((label) => label.layerIndex === n).map((label) => label.value);
    return values.length > 0 ? [{ labels: layer, values }] : [];
  });
}
