/** Searching and sorting of rows, apart from how they are drawn. */
import type { CsvValue } from "./csv";

/** What sorting needs of a column. */
interface Valued<Row> {
  readonly key: string;
  readonly value?: (row: Row) => CsvValue;
}

const words = new Intl.Collator("en-GB", { numeric: true, sensitivity: "base" });

/**
 * Return the rows that hold the searched words in any column, sorted by `sort` (a key, "-" in front: downwards).
 * Empty values come last both ways; equal rows keep their order.
 */
export function arrange<Row>(
  rows: readonly Row[],
  columns: readonly Valued<Row>[],
  sort: string,
  search: string,
): readonly Row[] {
  const wanted = search.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const kept = wanted.length === 0 ? rows : rows.filter((row) => holdsAll(row, columns, wanted));
  const down = sort.startsWith("-");
  const value = columns.find(({ key }) => key === (down ? sort.slice(1) : sort))?.value;
  if (!value) return kept;
  return [...kept].sort((a, b) => compare(value(a), value(b), down ? -1 : 1));
}

function holdsAll<Row>(row: Row, columns: readonly Valued<Row>[], wanted: readonly string[]): boolean {
  const text = columns.map(({ value }) => String(value?.(row) ?? "").toLowerCase()).join("\n");
  return wanted.every((word) => text.includes(word));
}

function compare(a: CsvValue, b: CsvValue, direction: 1 | -1): number {
  const [noA, noB] = [a === null || a === undefined || a === "", b === null || b === undefined || b === ""];
  if (noA || noB) return Number(noA) - Number(noB);
  if (typeof a === "string" || typeof b === "string") return direction * words.compare(String(a), String(b));
  return direction * (Number(a) - Number(b));
}
