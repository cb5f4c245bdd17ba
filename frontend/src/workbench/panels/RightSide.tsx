/** The right side: tools, questions, comments or versions. */
import { SegmentedControl } from "@mantine/core";
import type { Bench, Side } from "../bench";
import { useCell } from "../cell";
import { type Action, keyOf } from "../keys";
import type { Scoring } from "../scoring";
import type { Versions } from "../versions";
import { CommentPanel } from "./CommentPanel";
import { HistoryPanel } from "./HistoryPanel";
import { LabelPanel, RegionPanel } from "./LabelPanel";
import { LesionPanel } from "./LesionPanel";
import { LimitsPanel } from "./LimitsPanel";
import { OperationPanel } from "./OperationPanel";
import panels from "./panels.module.css";
import { ScorePanel } from "./ScorePanel";
import { ToolPanel } from "./ToolPanel";
import { VersionPanel } from "./VersionPanel";

export function RightSide({
  bench,
  scoring,
  versions,
}: {
  bench: Bench;
  scoring: Scoring;
  versions: Versions;
}) {
  const { rubric } = bench.work.assignment;
  const side = useCell(bench.side);
  const isScoring = useCell(bench.scoring);
  const shown = isScoring ? "score" : side;
  const count = useCell(bench.work.comments).length;
  const notes = count > 0 ? `Notes ${count}` : "Notes";
  const sides = [
    { value: "edit", label: "Edit" },
    ...(rubric ? [{ value: "score", label: <Named text="Score" action="panel.score" /> }] : []),
    { value: "comments", label: <Named text={notes} action="panel.comments" /> },
    { value: "versions", label: <Named text="Versions" action="panel.versions" /> },
  ];
  return (
    <aside className={panels.right} aria-label="Labels and tools">
      <div className={panels.tabs}>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label="What the right side shows"
          data={sides}
          value={shown}
          onChange={(value) => {
            if (value === "score") scoring.enter();
            else {
              scoring.leave();
              bench.side.set(value as Side);
            }
          }}
        />
      </div>
      {shown === "score" && rubric && <ScorePanel bench={bench} scoring={scoring} rubric={rubric} />}
      {shown === "comments" && <CommentPanel bench={bench} />}
      {shown === "versions" && <VersionPanel bench={bench} versions={versions} />}
      {shown === "edit" && (
        <>
          <LabelPanel bench={bench} />
          <RegionPanel bench={bench} />
          <LesionPanel bench={bench} />
          <ToolPanel bench={bench} />
          <OperationPanel bench={bench} />
          <LimitsPanel bench={bench} />
          <HistoryPanel bench={bench} />
        </>
      )}
    </aside>
  );
}

/** A tab that tells its key on hover. */
function Named({ text, action }: { text: string; action: Action }) {
  return <span title={`${text} (${keyOf(action)})`}>{text}</span>;
}
