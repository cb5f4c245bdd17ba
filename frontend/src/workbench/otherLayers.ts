/** The layers of labels that are not being edited: shown as lines beside the one that is, so that each can be judged against the others. */
import type { LabelLayer } from "@/viewer";
import type { Editor } from "./editor";

/**
 * Return the layers other than the active one with the colours of their visible labels. `shown` are the layers on
 * screen: those being edited, or those of a version, which never change.
 */
export function otherLayers(editor: Editor, shown: readonly Uint8Array[]): LabelLayer[] {
  const { active, hidden } = editor.state.get();
  const { store } = editor;
  return shown.flatMap((labels, n): LabelLayer[] => {
    const visible = editor.labels.filter(({ layerIndex, key }) => layerIndex === n && !hidden.has(key));
    if (n === active.layerIndex || visible.length === 0) return [];
    const colours = new Map(visible.map(({ value, color }) => [value, color]));
    return [{ kind: "labels", labels, revision: shown === store.layers ? store.revision(n) : 0, colours }];
  });
}
