/** The labels of a scheme, read from its definition. */
import type { LabelScheme } from "@/api/labelSchemes";

/** One label and its look. */
export interface SchemeLabel {
  readonly layer: string;
  readonly value: number;
  readonly key: string;
  readonly name: string;
  readonly color: string;
}

/** Return the labels and layers that a definition holds; both are empty for a definition of another form. */
export function readScheme(scheme: LabelScheme | undefined): {
  readonly labels: readonly SchemeLabel[];
  readonly layers: readonly { readonly key: string; readonly name: string }[];
} {
  const definition = scheme?.definition;
  if (typeof definition !== "object" || definition === null) return { labels: [], layers: [] };
  const { labels, layers } = definition as Record<string, unknown>;
  return {
    labels: Array.isArray(labels) ? (labels as SchemeLabel[]) : [],
    layers: Array.isArray(layers) ? layers : [],
  };
}
