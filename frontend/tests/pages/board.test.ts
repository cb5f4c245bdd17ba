/** The board's arithmetic: cells in their places, progress by rater and by day. */
import { describe, expect, it } from "vitest";
import type { Board, BoardCell } from "@/api/studies";
import { countByDay, countByRater, countStates, median, placeCells } from "@/pages/studies/board/grid";

const CELL: BoardCell = {
  assignment: "00000000-0000-4000-8000-000000000000",
  rater: 1,
  case: 1,
  occasion: 1,
  state: "ready",
  score: null,
  not_assessed: false,
  comments: 0,
  active_seconds: 0,
  submitted_at: null,
  returned_reason: "",
};

function cell(part: Partial<BoardCell>): BoardCell {
  return { ...CELL, ...part };
}

function boardOf(cells: BoardCell[]): Board {
  const rater = { name: "Rater", expertise: "expert", years: 3, centre: "", ended: false };
  return { sees_results: true, raters: [1, 2].map((id) => ({ id, ...rater })), cases: [], cells };
}

describe("the board", () => {
  it("shows a case that was shown twice in the order of its occasions, whatever comes first", () => {
    const again = cell({ occasion: 2, state: "submitted" });
    for (const cells of [
      [CELL, again],
      [again, CELL],
    ]) {
      expect(placeCells(boardOf(cells)).get(1)?.get(1)).toEqual([CELL, again]);
    }
  });

  it("leaves a place empty where a rater was not asked", () => {
    expect(
      placeCells(boardOf([CELL]))
        .get(1)
        ?.get(2),
    ).toBeUndefined();
  });

  it("counts progress by rater, with the median of the measured times only", () => {
    const done = { state: "submitted", submitted_at: "2026-01-05T10:00:00Z" };
    const cells = [
      cell({ ...done, active_seconds: 100 }),
      cell({ ...done, active_seconds: 300 }),
      cell({ ...done, active_seconds: 0 }),
      cell({ state: "open", active_seconds: 999 }),
    ];
    const counts = countByRater(boardOf(cells));
    expect(counts.get(1)).toEqual({ done: 3, total: 4, seconds: 200 });
    expect(counts.get(2)).toEqual({ done: 0, total: 0, seconds: null });
  });

  it("adds up what came in day by day and leaves out what went back", () => {
    const at = (day: number) => new Date(2026, 0, day, 12).toISOString();
    const cells = [
      cell({ state: "submitted", submitted_at: at(7) }),
      cell({ state: "submitted", submitted_at: at(5) }),
      cell({ state: "submitted", submitted_at: at(5) }),
      cell({ state: "returned", submitted_at: at(6) }),
    ];
    expect(countByDay(cells)).toEqual([
      { day: "2026-01-05", done: 2 },
      { day: "2026-01-07", done: 3 },
    ]);
  });

  it("counts states, and takes the median of even and odd numbers of values", () => {
    expect(countStates([CELL, CELL, cell({ state: "open" })])).toEqual({ ready: 2, open: 1 });
    expect([median([]), median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([null, 2, 2.5]);
  });
});
