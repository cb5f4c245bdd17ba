/** Right: what all tools are kept to: what may be painted over, an intensity range, the brain. */
import { Checkbox, Chip, Group, NativeSelect, Select } from "@mantine/core";
import type { Bench } from "../bench";
import { useCell, useField, useFields } from "../cell";
import type { OverChoice } from "../settings";
import classes from "./panels.module.css";
import { RangeRow } from "./Row";
import { FoldingSection } from "./Section";

export function LimitsPanel({ bench }: { bench: Bench }) {
  const over = useField(bench.settings, "over");
  const range = useCell(bench.limits.range);
  const brain = useCell(bench.limits.brain);
  const isLimited = over !== "everything" || range !== null || brain.kind !== "off";
  return (
    <FoldingSection
      bench={bench}
      name="limits"
      title="Limits"
      note={isLimited ? "in force for every tool" : "for every tool"}
    >
      <PaintOver bench={bench} />
      <RangeLimit bench={bench} />
      <BrainLimit bench={bench} />
    </FoldingSection>
  );
}

const OVER: { value: OverChoice; label: string }[] = [
  { value: "everything", label: "Paint over everything" },
  { value: "background", label: "Only over background" },
  { value: "unlocked labels", label: "Only inside the mask" },
  { value: "chosen labels", label: "Only over chosen labels" },
];

function PaintOver({ bench }: { bench: Bench }) {
  const { over } = useFields(bench.settings, "over");
  return (
    <>
      <Select
        size="xs"
        aria-label="What may be painted over"
        data={OVER}
        value={over}
        allowDeselect={false}
        onChange={(value) => bench.settings.patch({ over: (value ?? "everything") as OverChoice })}
      />
      {over === "chosen labels" && <ChosenLabels bench={bench} />}
    </>
  );
}

function ChosenLabels({ bench }: { bench: Bench }) {
  const { overLabels } = useFields(bench.settings, "overLabels");
  const active = useField(bench.work.editor.state, "active");
  const others = bench.work.editor.labels.filter(
    (label) => label.layerIndex === active.layerIndex && label.key !== active.key,
  );
  return (
    <Chip.Group
      multiple
      value={[...overLabels]}
      onChange={(keys: string[]) => bench.settings.patch({ overLabels: keys })}
    >
      <Group gap={4}>
        <Chip size="xs" value="">
          Background
        </Chip>
        {others.map((label) => (
          <Chip
            key={label.key}
            size="xs"
            value={label.key}
            title={label.name}
            classNames={{ root: classes.chosenLabel ?? "" }}
          >
            {label.name}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}

function RangeLimit({ bench }: { bench: Bench }) {
  const range = useCell(bench.limits.range);
  const sequences = useCell(bench.work.images.sequences);
  const sequence = useField(bench.view, "sequence");
  const boundsOf = (name: string): readonly [number, number] => {
    const loaded = sequences.find((each) => each.info.sequence === name);
    return loaded?.presets[0]?.window ?? loaded?.info.window ?? [0, 1];
  };
  const choose = (name: string) => {
    const [low, high] = boundsOf(name);
    bench.limits.range.set({ sequence: name, low: low + (high - low) / 2, high: Number.MAX_VALUE });
  };
  return (
    <>
      <Group gap={6} wrap="nowrap">
        <Checkbox
          size="xs"
          label="Only intensities of"
          checked={range !== null}
          onChange={(event) =>
            event.currentTarget.checked ? choose(sequence) : bench.limits.range.set(null)
          }
        />
        <NativeSelect
          size="xs"
          aria-label="Sequence of the intensity range"
          style={{ flex: 1 }}
          disabled={range === null}
          data={sequences.map(({ info }) => info.sequence)}
          value={range?.sequence ?? sequence}
          onChange={(event) => choose(event.currentTarget.value)}
        />
      </Group>
      {range && (
        <RangeRow
          label="From"
          bounds={boundsOf(range.sequence)}
          range={[range.low, range.high]}
          onChange={([low, high]) => bench.limits.range.set({ ...range, low, high })}
        />
      )}
    </>
  );
}

function BrainLimit({ bench }: { bench: Bench }) {
  const brain = useCell(bench.limits.brain);
  const label = {
    off: "Only in the brain",
    looking: "Only in the brain: looking for it …",
    on: `Only in the brain, as found in ${brain.kind === "on" ? brain.sequence : ""}`,
  }[brain.kind];
  const change = (wanted: boolean) =>
    bench.limits
      .limitToBrain(wanted)
      .catch((error: unknown) => bench.hint.set(error instanceof Error ? error.message : String(error)));
  return (
    <Checkbox
      size="xs"
      label={label}
      checked={brain.kind !== "off"}
      onChange={(event) => void change(event.currentTarget.checked)}
    />
  );
}
