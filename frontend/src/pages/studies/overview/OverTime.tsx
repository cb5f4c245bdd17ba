/** Readings handed in over time. */
import { useMemo } from "react";
import type { Board } from "@/api/studies";
import { Figure } from "@/ui/Figure";
import { Panel } from "@/ui/Panel";
import { countByDay } from "../board/grid";

const FEWEST_DAYS = 2;

/** Draw the curve once there are two days of it. */
export function OverTime({ board }: { board: Board }) {
  const specification = useMemo(() => {
    const values = countByDay(board.cells);
    if (values.length < FEWEST_DAYS) return null;
    return {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      width: 460,
      height: 130,
      data: { values },
      mark: { type: "line", point: true, interpolate: "step-after", color: "#0089ac" },
      encoding: {
        x: { field: "day", type: "temporal", title: null },
        y: {
          field: "done",
          type: "quantitative",
          title: "readings in",
          scale: { domain: [0, board.cells.length] },
        },
        tooltip: [
          { field: "day", type: "temporal", title: "until" },
          { field: "done", type: "quantitative", title: "readings in" },
        ],
      },
    };
  }, [board]);
  if (!specification) return null;
  return (
    <Panel title="Over time">
      <Figure specification={specification} label={`Readings handed in, of ${board.cells.length}.`} />
    </Panel>
  );
}
