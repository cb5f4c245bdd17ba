/** The options of the active tool. */
import { Button, Group, Select, Text } from "@mantine/core";
import type { ToolName } from "@/tools";
import type { Bench } from "../bench";
import { useCell, useField, useFields, useMade } from "../cell";
import { keyOf } from "../keys";
import type { PartAction } from "../operationSettings";
import classes from "./panels.module.css";
import { RangeRow } from "./Row";
import { SettingCheckbox, SettingChoice, SettingSlider } from "./SettingControls";

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
      {tool === "eraser" && (
        <SettingCheckbox bench={bench} name="eraseActiveOnly" label="Only the active label" />
      )}
      {tool === "part" && <PartOptions bench={bench} />}
      {tool === "scribble" && <ScribbleOptions bench={bench} />}
      {tool === "lasso" && <LassoOptions bench={bench} />}
    </div>
  );
}

function BrushOptions({ bench }: { bench: Bench }) {
  return (
    <>
      <SettingSlider
        bench={bench}
        name="radiusMm"
        label="Radius"
        words={(mm) => `${mm} mm`}
        thumb="Brush radius in millimetres"
      />
      <SettingChoice
        bench={bench}
        name="shape"
        label="Shape of the brush"
        options={[
          { value: "disc", label: "Disc (one slice)" },
          { value: "sphere", label: "Sphere (3-D)" },
        ]}
      />
      <SettingCheckbox bench={bench} name="usePressure" label="A pen's pressure sets the radius" />
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
  return (
    <>
      <SettingSlider
        bench={bench}
        name="growTolerance"
        label="Tolerance"
        words={(part) => `±${part} % of the window`}
        thumb="Tolerance in per cent of the window"
      />
      <SettingSlider
        bench={bench}
        name="growLimitMm"
        label="At most"
        words={(mm) => `${mm} mm away`}
        thumb="Distance limit in millimetres"
      />
      <SettingChoice
        bench={bench}
        name="growWithin"
        label="Where to grow"
        options={[
          { value: "slice", label: "This slice" },
          { value: "volume", label: "3-D" },
        ]}
      />
    </>
  );
}

function LassoOptions({ bench }: { bench: Bench }) {
  const isDrawing = useMade(bench.outline, (line) => line !== null);
  return (
    <>
      <SettingChoice
        bench={bench}
        name="lassoAction"
        label="What the lasso does with its area"
        options={[
          { value: "draw", label: "Fill" },
          { value: "revert", label: "Revert to given" },
        ]}
      />
      {isDrawing ? (
        <Ending
          closing={{ children: "Close", onClick: () => void bench.closePolygon() }}
          leaving={{ children: "Give up", title: keyOf("edit.cancel"), onClick: () => bench.cancel() }}
        />
      ) : (
        <Text size="xs" c="dimmed">
          Drag to draw by hand, or click corners; {keyOf("edit.close")}, a double click or the first corner
          closes.
        </Text>
      )}
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
  const scribbles = useCell(bench.scribbles);
  const active = useField(bench.work.editor.state, "active");
  const running = useCell(bench.operations.running);
  return (
    <>
      <Text size="xs" c="dimmed">
        Drag on {active.name}, Shift + drag on what is not; also in other slices.
      </Text>
      <SettingSlider
        bench={bench}
        name="scribbleMm"
        label="Mark"
        words={(mm) => `${mm} mm`}
        thumb="Radius of the marks in millimetres"
      />
      <SettingSlider
        bench={bench}
        name="cutMarginMm"
        label="Look"
        words={(mm) => `${mm} mm round the marks`}
        thumb="Margin round the marks in millimetres"
      />
      <SettingChoice
        bench={bench}
        name="cutSequences"
        label="Images that grow-cut looks at"
        options={[
          { value: "shown", label: "Sequence in use" },
          { value: "all", label: "All sequences" },
        ]}
      />
      <Ending
        closing={{
          children: "Find border",
          disabled: running !== null,
          onClick: () => void bench.operations.cut(),
        }}
        leaving={{
          children: "Clear marks",
          disabled: scribbles.length === 0,
          onClick: () => bench.operations.clearScribbles(),
        }}
      />
    </>
  );
}

interface Pressed {
  readonly children: string;
  readonly onClick: () => void;
  readonly title?: string;
  readonly disabled?: boolean;
}

/** The two ends of what is drawn in several gestures: done, or taken away. */
function Ending({ closing, leaving }: { closing: Pressed; leaving: Pressed }) {
  return (
    <Group gap={6} grow>
      <Button size="compact-xs" title={keyOf("edit.close")} {...closing} />
      <Button size="compact-xs" variant="default" {...leaving} />
    </Group>
  );
}
