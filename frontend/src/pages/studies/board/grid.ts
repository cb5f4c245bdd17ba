/** The board's cells in their places, and what they add up to. */
import type { Board, BoardCell } from "@/api/studies";

/** Return the readings by case and rater in the order of their occasions: `cells.get(case)?.get(rater)`. */
export function placeCells(board: Board): ReadonlyMap<number, ReadonlyMap<number, readonly BoardCell[]>> {
  const rows = new Map<number, Map<number, readonly BoardCell[]>>();
  for (const cell of board.cells) {
    const row = rows.get(cell.case) ?? new Map<number, readonly BoardCell[]>();
    const there = [...(row.get(cell.rater) ?? []), cell];
    row.set(
      cell.rater,
      there.sort((a, b) => a.occasion - b.occasion),
    );
    rows.set(cell.case, row);
  }
  return rows;
}

/** Return how many readings are in each state. */
export function countStates(cells: readonly Pick<BoardCell, "state">[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { state } of cells) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** How far a rater is, and the median of their active seconds per reading; null before the first. */
export interface RaterCount {
  readonly done: number;
  readonly total: number;
  readonly seconds: number | null;
}

/** Return how far each rater is, by id. */
export function countByRater(board: Board): ReadonlyMap<number, RaterCount> {
  return new Map(
    board.raters.map(({ id }) => {
      const cells = board.cells.filter(({ rater }) => rater === id);
      const done = cells.filter(({ state }) => state === "submitted");
      const seconds = done.map(({ active_seconds: active }) => active).filter((active) => active > 0);
      return [id, { done: done.length, total: cells.length, seconds: median(seconds) }];
    }),
  );
}

/** Return how many readings are in by the end of each day on which any came in (local, "YYYY-MM-DD"), in order. */
export function countByDay(
  cells: readonly Pick<BoardCell, "state" | "submitted_at">[],
): readonly { readonly day: string; readonly done: number }[] {
  const times = cells.flatMap(({ state, submitted_at: time }) =>
    state === "submitted" && time ? [time] : [],
  );
  const days = times.map((time) => new Date(time).toLocaleDateString("sv-SE")).sort();
  const last = new Map(days.map((day, place) => [day, place + 1]));
  return [...last].map(([day, done]) => ({ day, done }));
}

/** Return the median, or null of nothing. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}
