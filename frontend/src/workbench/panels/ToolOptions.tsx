/** The options of the active tool. */
import { Button, Checkbox, Group, SegmentedControl, Select, Slider, Text } from "@mantine/core";
import type { BrushShape, ToolName } from "@/tools";
import type { Bench } from "../bench";
import { useCell, useField, useFields } from "../cell";
import type { LassoAction, PartAction } from "../operationSettings";
import { RANGES } from "../settings";
import classes from "./panels.module.css";
import { RangeRow, Row } from "./Row";

export function ToolOptions({ bench, tool }: { bench: Bench; tool: ToolName }) {
  if (tool === "navigate") {
    return (
      <Text size="xs" c="dimmed">
        Drag to move the cross. Wheel: slices. Ctrl + wheel: zoom. Middle drag: shift.
      </Text>
    );
  }
  return (
    <div className={classes.options}>
      {(tool === "brush" || tool === "eraser" || tool === "threshold") && <BrushOptions bench={bench} />}
      {tool === "threshold" && <ThresholdOptions bench={bench} />}
      {tool === "grow" && <GrowOptions bench={bench} />}
      {tool === "eraser" && <EraserOptions bench={bench} />}
      {tool === "part" && <PartOptions bench={bench} />}
      {tool === "scribble" && <ScribbleOptions bench={bench} />}
      {tool === "lasso" && <LassoOptions bench={bench} />}
    </div>
  );
}

function BrushOptions({ bench }: { bench: Bench }) {
  const { radiusMm, shape, usePressure } = useFields(bench.settings, "radiusMm", "shape", "usePressure");
  return (
    <>
      <Row label="Radius" value={`${radiusMm} mm`}>
        <Slider
          size="xs"
          min={RANGES.radiusMm.min}
          max={RANGES.radiusMm.max}
          step={0.5}
          scale={(value) => value}
          value={radiusMm}
          label={null}
          thumbLabel="Brush radius in millimetres"
          onChange={(value) => bench.settings.patch({ radiusMm: value })}
        />
      </Row>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Shape of the brush"
        data={[
          { value: "disc", label: "Disc (one slice)" },
          { value: "sphere", label: "Sphere (3-D)" },
        ]}
        value={shape}
        onChange={(value) => bench.settings.patch({ shape: value as BrushShape })}
      />
      <Checkbox
        size="xs"
        label="A pen's pressure sets the radius"
        checked={usePressure}
        onChange={(event) => bench.settings.patch({ usePressure: event.currentTarget.checked })}
      />
    </>
  );
}

function ThresholdOptions({ bench }: { bench: Bench }) {
  const { sequence } = useFields(bench.view, "sequence", "thresholds", "windows");
  const presets =
    useCell(bench.work.images.sequences).find((each) => each.info.sequence === sequence)?.presets ?? [];
  const [low, high] = presets[0]?.window ?? bench.window;
  return (
    <RangeRow
      label={`Only ${sequence} from`}
      bounds={[low, high]}
      range={bench.threshold}
      onChange={(range) => bench.setThreshold(range)}
    />
  );
}

function GrowOptions({ bench }: { bench: Bench }) {
  const { growTolerance, growLimitMm, growWithin } = useFields(
    bench.settings,
    "growTolerance",
    "growLimitMm",
    "growWithin",
  );
  return (
    <>
      <Row label="Tolerance" value={`±${growTolerance} % of the window`}>
        <Slider
          size="xs"
          min={1}
          max={60}
          value={growTolerance}
          label={null}
          thumbLabel="Tolerance in per cent of the window"
          onChange={(value) => bench.settings.patch({ growTolerance: value })}
        />
      </Row>
      <Row label="At most" value={`${growLimitMm} mm away`}>
        <Slider
          size="xs"
          min={2}
          max={80}
          value={growLimitMm}
          label={null}
          thumbLabel="Distance limit in millimetres"
          onChange={(value) => bench.settings.patch({ growLimitMm: value })}
        />
      </Row>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Where to grow"
        data={[
          { value: "slice", label: "This slice" },
          { value: "volume", label: "3-D" },
        ]}
        value={growWithin}
        onChange={(value) => bench.settings.patch({ growWithin: value as "slice" | "volume" })}
      />
    </>
  );
}

function EraserOptions({ bench }: { bench: Bench }) {
  const { eraseActiveOnly } = useFields(bench.settings, "eraseActiveOnly");
  return (
    <Checkbox
      size="xs"
      label="Only the active label"
      checked={eraseActiveOnly}
      onChange={(event) => bench.settings.patch({ eraseActiveOnly: event.currentTarget.checked })}
    />
  );
}

function LassoOptions({ bench }: { bench: Bench }) {
  const { lassoAction } = useFields(bench.settings, "lassoAction");
  return (
    <>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="What the lasso does with its area"
        data={[
          { value: "draw", label: "Fill" },
          { value: "revert", label: "Revert to given" },
        ]}
        value={lassoAction}
        onChange={(value) => bench.settings.patch({ lassoAction: value as LassoAction })}
      />
      <Text size="xs" c="dimmed">
        Drag to draw by hand, or click corners; Enter or double click closes.
      </Text>
    </>
  );
}

const PART_ACTIONS: { value: PartAction; label: string }[] = [
  { value: "relabel", label: "Give it the active label" },
  { value: "keep", label: "Keep it, remove the label's others" },
  { value: "empty", label: "Remove it" },
  { value: "revert", label: "Revert it to the mask as given" },
];

function PartOptions({ bench }: { bench: Bench }) {
  const { partAction } = useFields(bench.settings, "partAction");
  return (
    <Select
      size="xs"
      label="A click on a connected part"
      data={PART_ACTIONS}
      value={partAction}
      allowDeselect={false}
      onChange={(value) => bench.settings.patch({ partAction: (value ?? "relabel") as PartAction })}
    />
  );
}

function ScribbleOptions({ bench }: { bench: Bench }) {
  const { scribbleMm, cutMarginMm, cutSequences } = useFields(
    bench.settings,
    "scribbleMm",
    "cutMarginMm",
    "cutSequences",
  );
  const scribbles = useCell(bench.scribbles);
  const active = useField(bench.work.editor.state, "active");
  const running = useCell(bench.operations.running);
  return (
    <>
      <Text size="xs" c="dimmed">
        Drag on {active.name}, Shift + drag on what is not; also in other slices.
      </Text>
      <Row label="Mark" value={`${scribbleMm} mm`}>
        <Slider
          size="xs"
          min={0.5}
          max={6}
          step={0.5}
          value={scribbleMm}
          label={null}
          thumbLabel="Radius of the marks in millimetres"
          onChange={(value) => bench.settings.patch({ scribbleMm: value })}
        />
      </Row>
      <Row label="Look" value={`${cutMarginMm} mm round the marks`}>
        <Slider
          size="xs"
          min={0}
          max={40}
          value={cutMarginMm}
          label={null}
          thumbLabel="Margin round the marks in millimetres"
          onChange={(value) => bench.settings.patch({ cutMarginMm: value })}
        />
      </Row>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Images that grow-cut looks at"
        data={[
          { value: "shown", label: "Sequence in use" },
          { value: "all", label: "All sequences" },
        ]}
        value={cutSequences}
        onChange={(value) => bench.settings.patch({ cutSequences: value as "shown" | "all" })}
      />
      <Group gap={6} grow>
        <Button
          size="compact-xs"
          title="Enter"
          disabled={running !== null}
          onClick={() => void bench.operations.cut()}
        >
          Find border
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          disabled={scribbles.length === 0}
          onClick={() => bench.operations.clearScribbles()}
        >
          Clear marks
        </Button>
      </Group>
    </>
  );
}
