/** Bottom: where the pointer is, what lies there, and the keys of the active tool or question. */
import { indexOf, intensityAt, nearestVoxel, type Vec3, voxelToMm } from "@/labels";
import type { ToolName } from "@/tools";
import type { Bench } from "../bench";
import { useCell, useField, useFields, useMade } from "../cell";
import { keyOf } from "../keys";
import { useShownLayers } from "../pane/drawing";
import { offers } from "../rubric";
import type { Scoring } from "../scoring";
import { numberText } from "./numberText";
import classes from "./panels.module.css";

const HINTS: Readonly<Record<ToolName, () => readonly string[]>> = {
  navigate: () => ["drag: cross", "wheel: slices"],
  brush: () => [radiusKeys(), `${keyOf("brush.shape")}: disc/sphere`, "Shift: erase"],
  eraser: () => [radiusKeys(), `${keyOf("brush.shape")}: disc/sphere`],
  threshold: () => [radiusKeys(), "Shift: erase"],
  lasso: () => ["click: corner", `${keyOf("edit.close")}: close`, `${keyOf("edit.cancel")}: give up`],
  part: () => ["click: act on the connected part", `${keyOf("edit.undo")}: undo`],
  scribble: () => ["drag: lesion", "Shift + drag: not lesion", `${keyOf("edit.close")}: find the border`],
  grow: () => ["click: grow", "Shift: erase", `${keyOf("edit.undo")}: undo`],
};

function radiusKeys(): string {
  return `${keyOf("brush.smaller")} ${keyOf("brush.larger")}: radius`;
}

/** The keys that answer what is asked now. */
function useAnswerKeys(scoring: Scoring): readonly string[] {
  const slot = scoring.slots()[useCell(scoring.current)];
  const keys = slot ? offers(slot.question).map(({ hotkey }) => hotkey) : [];
  return [...(keys.length > 0 ? [`${keys.join(" ")}: answer`] : []), `${keyOf("panel.score")}: edit`];
}

export function StatusBar({ bench, scoring }: { bench: Bench; scoring: Scoring }) {
  const position = useField(bench.view, "position");
  const pointer = useField(bench.view, "pointer");
  const { tool } = useFields(bench.settings, "tool");
  const sequences = useCell(bench.work.images.sequences);
  const { editor } = bench.work;
  const voxel = nearestVoxel(editor.grid, pointer?.position ?? position);
  const index = indexOf(editor.grid, voxel);
  const layers = useShownLayers(bench);
  const under = useMade(editor.state, () => (layers ? editor.keysAt(index, layers) : ""));
  const labels = editor.labels.filter(({ key }) => under.split(" ").includes(key));
  const answering = useAnswerKeys(scoring);
  const isScoring = useCell(bench.scoring);
  const hints = [...(isScoring ? answering : HINTS[tool]()), `${keyOf("help")}: all keys`].join(" · ");
  return (
    <footer className={classes.bottom}>
      <span
        className={classes.coordinate}
        title="Patient coordinates in mm (right, anterior, superior positive)"
      >
        {mmText(voxelToMm(editor.grid, voxel))} mm
      </span>
      <span className={classes.dim}>voxel {voxel.map((n) => n + 1).join(" ")}</span>
      {sequences.map(({ info, picture }) => (
        <span key={info.sequence} className={classes.intensity}>
          <span className={classes.dim}>{info.sequence}</span>{" "}
          {picture ? numberText(intensityAt(picture.intensities, index)) : "…"}
        </span>
      ))}
      {labels.length === 0 && <span className={classes.under}>Background</span>}
      {labels.map(({ key, name, color }) => (
        <span key={key} className={classes.under}>
          <span className={classes.swatch} style={{ background: color }} />
          {name}
        </span>
      ))}
      <span className={classes.hints} title={hints}>
        {hints}
      </span>
    </footer>
  );
}

function mmText([x, y, z]: Vec3): string {
  const side = (value: number, positive: string, negative: string) =>
    `${value >= 0 ? positive : negative} ${Math.abs(value).toFixed(1)}`;
  return `${side(x, "R", "L")}  ${side(y, "A", "P")}  ${side(z, "S", "I")}`;
}
