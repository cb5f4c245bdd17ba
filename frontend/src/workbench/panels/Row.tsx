/** A parameter in a side panel: its name and value above, the control below. */
import { Group, RangeSlider, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { numberText } from "./numberText";

export function Row({ label, value, children }: { label: string; value: string; children: ReactNode }) {
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

/** An intensity range within `bounds`; its upper end means no limit upwards when it is at the bound. */
export function RangeRow({
  label,
  bounds: [low, high],
  range,
  onChange,
}: {
  label: string;
  bounds: readonly [number, number];
  range: readonly [number, number];
  onChange: (range: readonly [number, number]) => void;
}) {
  const upper = range[1] >= high ? "any" : numberText(range[1]);
  return (
    <Row label={label} value={`${numberText(range[0])} to ${upper}`}>
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
        onChange={(value) => onChange([value[0], value[1] >= high ? Number.MAX_VALUE : value[1]])}
      />
    </Row>
  );
}
