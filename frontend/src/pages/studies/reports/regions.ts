/** What of a label scheme a report can be about. */

/** A label or a union of labels. */
export interface RegionChoice {
  readonly key: string;
  readonly name: string;
}

/** Return the labels and regions of a scheme's definition, each key once; nothing while it is not known. */
export function regionsOf(definition: unknown): readonly RegionChoice[] {
  if (typeof definition !== "object" || definition === null) return [];
  const parts = ["labels", "regions"].flatMap((part) => choicesIn(Reflect.get(definition, part)));
  return [...new Map(parts.map((choice) => [choice.key, choice])).values()];
}

function choicesIn(rows: unknown): readonly RegionChoice[] {
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) => {
    if (typeof row !== "object" || row === null || !("key" in row) || !("name" in row)) return [];
    return [{ key: String(row.key), name: String(row.name) }];
  });
}
