/** Right, second: the tools and the options of the active one. */
import {
  ActionIcon,
  Checkbox,
  Group,
  RangeSlider,
  SegmentedControl,
  Select,
  Slider,
  Text,
  Tooltip,
} from "@mantine/core";
import {
  IconArrowsMove,
  IconBrush,
  IconColorFilter,
  IconEraser,
  IconLasso,
  IconWand,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { BrushShape, ToolName } from "@/tools";
import { type Bench, TOOL_NAMES } from "../bench";
import { useCell } from "../cell";
import { type Action, keyOf } from "../keys";
import { MAX_RADIUS_MM, MIN_RADIUS_MM, type OverChoice } from "../settings";
import classes from "./panels.module.css";
import { Section } from "./Section";
import { numberText } from "./ViewPanel";

const TOOLS: readonly { tool: ToolName; icon: ReactNode; action: Action }[] = [
  { tool: "navigate", icon: <IconArrowsMove size={18} />, action: "tool.navigate" },
  { tool: "brush", icon: <IconBrush size={18} />, action: "tool.brush" },
  { tool: "eraser", icon: <IconEraser size={18} />, action: "tool.eraser" },
  { tool: "threshold", icon: <IconColorFilter size={18} />, action: "tool.threshold" },
  { tool: "lasso", icon: <IconLasso size={18} />, action: "tool.lasso" },
  { tool: "grow", icon: <IconWand size={18} />, action: "tool.grow" },
];

export function ToolPanel({ bench }: { bench: Bench }) {
  const { tool } = useCell(bench.settings);
  const hint = useCell(bench.hint);
  return (
    <Section
      title={TOOL_NAMES[tool]}
      note={keyOf(TOOLS.find((each) => each.tool === tool)?.action ?? "help")}
    >
      <Group gap={4} role="radiogroup" aria-label="Tool" wrap="nowrap">
        {TOOLS.map(({ tool: name, icon, action }) => (
          <Tooltip key={name} label={`${TOOL_NAMES[name]} (${keyOf(action)})`} openDelay={300}>
            <ActionIcon
              role="radio"
              aria-checked={tool === name}
              aria-label={TOOL_NAMES[name]}
              size={34}
              variant={tool === name ? "filled" : "default"}
              onClick={() => bench.settings.patch({ tool: name })}
            >
              {icon}
            </ActionIcon>
          </Tooltip>
        ))}
      </Group>
      <Options bench={bench} tool={tool} />
      {hint && (
        <Text size="xs" c="yellow.5" role="alert">
          {hint}
        </Text>
      )}
    </Section>
  );
}

function Options({ bench, tool }: { bench: Bench; tool: ToolName }) {
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
      {tool === "eraser" ? <EraserOptions bench={bench} /> : <PaintOver bench={bench} />}
      {tool === "lasso" && (
        <Text size="xs" c="dimmed">
          Drag to draw by hand, or click corners; Enter or double click closes.
        </Text>
      )}
    </div>
  );
}

function BrushOptions({ bench }: { bench: Bench }) {
  const { radiusMm, shape } = useCell(bench.settings);
  return (
    <>
      <Row label="Radius" value={`${radiusMm} mm`}>
        <Slider
          size="xs"
          min={MIN_RADIUS_MM}
          max={MAX_RADIUS_MM}
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
    </>
  );
}

function ThresholdOptions({ bench }: { bench: Bench }) {
  const { sequence } = useCell(bench.view);
  const presets =
    useCell(bench.work.images.sequences).find((each) => each.info.sequence === sequence)?.presets ?? [];
  const [low, high] = presets[0]?.window ?? bench.window;
  const range = bench.threshold;
  return (
    <Row label={`Only ${sequence} from`} value={`${numberText(range[0])} to ${numberText(range[1])}`}>
      <RangeSlider
        size="xs"
        min={low}
        max={high}
        step={(high - low) / 200 || 1}
        minRange={0}
        value={[Math.max(low, range[0]), Math.min(high, range[1])]}
        label={numberText}
        thumbFromLabel="Lowest intensity"
        thumbToLabel="Highest intensity"
        onChange={(value) => bench.setThreshold([value[0], value[1] >= high ? Number.MAX_VALUE : value[1]])}
      />
    </Row>
  );
}

function GrowOptions({ bench }: { bench: Bench }) {
  const { growTolerance, growLimitMm, growWithin } = useCell(bench.settings);
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
  const { eraseActiveOnly } = useCell(bench.settings);
  return (
    <Checkbox
      size="xs"
      label="Only the active label"
      checked={eraseActiveOnly}
      onChange={(event) => bench.settings.patch({ eraseActiveOnly: event.currentTarget.checked })}
    />
  );
}

const OVER: { value: OverChoice; label: string }[] = [
  { value: "everything", label: "Paint over everything" },
  { value: "background", label: "Only over background" },
  { value: "unlocked labels", label: "Only inside the mask" },
];

function PaintOver({ bench }: { bench: Bench }) {
  const { over } = useCell(bench.settings);
  return (
    <Select
      size="xs"
      aria-label="What may be painted over"
      data={OVER}
      value={over}
      allowDeselect={false}
      onChange={(value) => bench.settings.patch({ over: (value ?? "everything") as OverChoice })}
    />
  );
}

function Row({ label, value, children }: { label: string; value: string; children: ReactNode }) {
  return (
    <div>
      <Group justify="space-between" gap={4} wrap="nowrap">
        <Text size="xs">{label}</Text>
        <Text size="xs" c="dimmed" ff="monospace">
          {value}
        </Text>
      </Group>
      {children}
    </div>
  );
}
