/** Left: sequences, layout, window presets, look of the mask. */
import { Group, Loader, SegmentedControl, Slider, Text, Tooltip, UnstyledButton } from "@mantine/core";
import {
  IconAlertTriangle,
  IconColumns2,
  IconLayoutGrid,
  IconLayoutSidebarRight,
  IconSquare,
} from "@tabler/icons-react";
import type { Convention, Plane } from "@/viewer";
import type { Arrangement } from "../arrangement";
import type { Bench } from "../bench";
import { useCell, useField, useFields } from "../cell";
import type { LoadedSequence } from "../images";
import { keyOf } from "../keys";
import { RANGES } from "../settings";
import { GuidePanel } from "./GuidePanel";
import { numberText } from "./numberText";
import classes from "./panels.module.css";
import { Section } from "./Section";
import { SettingSwitch } from "./SettingControls";

export function ViewPanel({ bench }: { bench: Bench }) {
  return (
    <aside className={classes.left} aria-label="View">
      <Sequences bench={bench} />
      <LayoutChoice bench={bench} />
      <Windows bench={bench} />
      <MaskLook bench={bench} />
      <GuidePanel bench={bench} />
    </aside>
  );
}

function Sequences({ bench }: { bench: Bench }) {
  const sequences = useCell(bench.work.images.sequences);
  const sequence = useField(bench.view, "sequence");
  return (
    <Section title="Sequences">
      <div className={classes.sequences} role="radiogroup" aria-label="Sequence on screen">
        {sequences.map((each, n) => (
          <SequenceButton
            key={each.info.sequence}
            loaded={each}
            digit={n + 1}
            chosen={each.info.sequence === sequence}
            onChoose={() => bench.showSequence(each.info.sequence)}
          />
        ))}
      </div>
    </Section>
  );
}

function SequenceButton({
  loaded,
  digit,
  chosen,
  onChoose,
}: {
  loaded: LoadedSequence;
  digit: number;
  chosen: boolean;
  onChoose: () => void;
}) {
  const { info, picture, error } = loaded;
  return (
    <Tooltip label={error ?? `Shift ${digit}`} position="right" openDelay={500}>
      <UnstyledButton
        role="radio"
        aria-checked={chosen}
        className={classes.sequence ?? ""}
        data-chosen={chosen || undefined}
        onClick={onChoose}
      >
        <span className={classes.thumbnail}>{info.thumbnail && <img src={info.thumbnail} alt="" />}</span>
        <span>{info.sequence}</span>
        <span className={classes.sequenceState}>
          {error ? <IconAlertTriangle size={14} aria-label="Failed" /> : !picture && <Loader size={12} />}
        </span>
      </UnstyledButton>
    </Tooltip>
  );
}

const ARRANGEMENTS: { value: Arrangement; name: string; Icon: typeof IconLayoutGrid }[] = [
  { value: "three planes", name: "Axial, coronal and sagittal", Icon: IconLayoutSidebarRight },
  { value: "one plane", name: "One plane large", Icon: IconSquare },
  { value: "two sequences", name: "Two sequences side by side", Icon: IconColumns2 },
  { value: "four sequences", name: "Four sequences side by side", Icon: IconLayoutGrid },
];
const PLANE_NAMES: { value: Plane; label: string }[] = [
  { value: "axial", label: "Ax" },
  { value: "coronal", label: "Cor" },
  { value: "sagittal", label: "Sag" },
];
const CONVENTIONS: { value: Convention; label: string; means: string }[] = [
  {
    value: "radiological",
    label: "Radiological",
    means: "Radiological: the patient's right is on the left of the screen",
  },
  {
    value: "neurological",
    label: "Neuro",
    means: "Neurological: the patient's left is on the left of the screen",
  },
];

function LayoutChoice({ bench }: { bench: Bench }) {
  const { arrangement, plane, convention } = useFields(bench.settings, "arrangement", "plane", "convention");
  return (
    <Section title="Layout">
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Layout"
        data={ARRANGEMENTS.map(({ value, name, Icon }) => ({
          value,
          label: (
            <Tooltip label={name} openDelay={500}>
              <Icon size={16} aria-label={name} style={{ display: "block", margin: "auto" }} />
            </Tooltip>
          ),
        }))}
        value={arrangement}
        onChange={(value) => bench.arrange(value as Arrangement)}
      />
      {arrangement !== "three planes" && (
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label="Plane"
          data={PLANE_NAMES}
          value={plane}
          onChange={(value) => bench.arrange(arrangement, value as Plane)}
        />
      )}
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Convention"
        data={CONVENTIONS.map(({ value, label, means }) => ({
          value,
          label: (
            <Tooltip label={means} openDelay={500}>
              <span>{label}</span>
            </Tooltip>
          ),
        }))}
        value={convention}
        onChange={(value) => bench.setConvention(value as Convention)}
      />
      <SettingSwitch bench={bench} name="surface" label="Surface in 3-D" />
    </Section>
  );
}

function Windows({ bench }: { bench: Bench }) {
  const sequence = useField(bench.view, "sequence");
  const windows = useField(bench.view, "windows");
  const loaded = useCell(bench.work.images.sequences).find((each) => each.info.sequence === sequence);
  const shown = windows[sequence] ?? [0, 1];
  const original = loaded?.info.window;
  const presets = [
    ...(original ? [{ name: "As prepared", window: original }] : []),
    ...(loaded?.presets ?? []),
  ];
  return (
    <Section title="Window" note={`${numberText(shown[0])} – ${numberText(shown[1])}`}>
      <div className={classes.presets}>
        {presets.map((preset) => (
          <UnstyledButton
            key={preset.name}
            className={classes.preset ?? ""}
            data-chosen={(preset.window[0] === shown[0] && preset.window[1] === shown[1]) || undefined}
            onClick={() => bench.choosePreset(preset)}
          >
            {preset.name}
          </UnstyledButton>
        ))}
      </div>
      <Tooltip label={windowKeys()} openDelay={500}>
        <Text size="xs" c="dimmed">
          Right drag on the picture
        </Text>
      </Tooltip>
    </Section>
  );
}

function windowKeys(): string {
  const [wider, narrower] = [keyOf("window.wider"), keyOf("window.narrower")];
  return `${wider}: wider · ${narrower}: narrower · ${keyOf("window.brighter")}: brighter · ${keyOf("window.darker")}: darker`;
}

function MaskLook({ bench }: { bench: Bench }) {
  return (
    <Section title="Mask">
      <LookSlider bench={bench} name="fill" label="Area" />
      <LookSlider bench={bench} name="outline" label="Outline" />
    </Section>
  );
}

function LookSlider({ bench, name, label }: { bench: Bench; name: "fill" | "outline"; label: string }) {
  const value = useField(bench.settings, name);
  return (
    <Group gap="xs" wrap="nowrap">
      <Text size="xs" w={48}>
        {label}
      </Text>
      <Slider
        style={{ flex: 1 }}
        size="xs"
        {...RANGES[name]}
        value={value}
        label={(part) => `${Math.round(part * 100)} %`}
        thumbLabel={`${label} opacity`}
        onChange={(part) => bench.settings.patch({ [name]: part })}
      />
    </Group>
  );
}
