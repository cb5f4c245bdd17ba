/** The centre of the page: one pane, or several with one sequence each, and the surface beside them when asked for. */
import type { OpenViewer } from "@/viewer";
import { isSideBySide } from "../arrangement";
import type { Bench } from "../bench";
import { useField, useFields } from "../cell";
import { Pane } from "./Pane";
import classes from "./Pane.module.css";
import { SurfacePane } from "./SurfacePane";

export function Panes({ bench, openViewer }: { bench: Bench; openViewer: OpenViewer }) {
  const sequences = useField(bench.view, "sequences");
  const { arrangement, surface } = useFields(bench.settings, "arrangement", "surface");
  const isCorner = arrangement === "three planes";
  return (
    <div
      className={classes.panes}
      data-count={sequences.length}
      data-column={(surface && !isCorner) || undefined}
    >
      {sequences.map((_, pane) => (
        <Pane
          // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its place; its sequence changes
          key={pane}
          bench={bench}
          openViewer={openViewer}
          pane={pane}
          isOneOfMany={isSideBySide(arrangement)}
        />
      ))}
      {surface && <SurfacePane bench={bench} isCorner={isCorner} />}
    </div>
  );
}
