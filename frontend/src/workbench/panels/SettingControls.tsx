/** Controls of one setting each: they show it, keep it in its range and change it. */
import { Checkbox, Group, NumberInput, SegmentedControl, Slider, Switch, Text } from "@mantine/core";
import type { Bench } from "../bench";
import { useField } from "../cell";
import { type NumberName, RANGES, type Settings } from "../settings";
import { Row } from "./Row";

/** The settings whose values are all of a kind. */
type NamesOf<T> = {
  [Name in keyof Settings]: Settings[Name] extends T ? Name : never;
}[keyof Settings];

interface Bound<Name> {
  readonly bench: Bench;
  readonly name: Name;
  readonly label: string;
}

/** One of a few values, side by side. */
export function SettingChoice<Name extends NamesOf<string>>({
  bench,
  name,
  label,
  options,
  fullWidth = true,
}: Bound<Name> & {
  readonly options: readonly { value: Settings[Name] & string; label: string }[];
  readonly fullWidth?: boolean;
}) {
  const value = useField(bench.settings, name);
  return (
    <SegmentedControl
      size="xs"
      fullWidth={fullWidth}
      aria-label={label}
      data={[...options]}
      value={value}
      onChange={(chosen) => bench.settings.patch({ [name]: chosen })}
    />
  );
}

/** A number by a slider below its name and what it means; `thumb` names it for who does not see that. */
export function SettingSlider({
  bench,
  name,
  label,
  thumb,
  words,
}: Bound<NumberName> & { readonly thumb: string; readonly words: (value: number) => string }) {
  const value = useField(bench.settings, name);
  return (
    <Row label={label} value={words(value)}>
      <Slider
        size="xs"
        {...RANGES[name]}
        value={value}
        label={null}
        thumbLabel={thumb}
        onChange={(chosen) => bench.settings.patch({ [name]: chosen })}
      />
    </Row>
  );
}

/** Millimetres to be typed. */
export function SettingMillimetres({ bench, name, label }: Bound<NumberName>) {
  const value = useField(bench.settings, name);
  return (
    <Group gap={6} wrap="nowrap">
      <Text size="xs" style={{ flex: 1 }}>
        {label}
      </Text>
      <NumberInput
        size="xs"
        w={110}
        aria-label={`${label} in millimetres`}
        suffix=" mm"
        {...RANGES[name]}
        clampBehavior="strict"
        value={value}
        onChange={(mm) => {
          if (typeof mm === "number" && mm > 0) bench.settings.patch({ [name]: mm });
        }}
      />
    </Group>
  );
}

/** Yes or no, about a tool. */
export function SettingCheckbox({ bench, name, label }: Bound<NamesOf<boolean>>) {
  const checked = useField(bench.settings, name);
  return (
    <Checkbox
      size="xs"
      label={label}
      checked={checked}
      onChange={(event) => bench.settings.patch({ [name]: event.currentTarget.checked })}
    />
  );
}

/** Shown or not. */
export function SettingSwitch({
  bench,
  name,
  ...words
}: Bound<NamesOf<boolean>> & { readonly description?: string; readonly title?: string }) {
  const checked = useField(bench.settings, name);
  return (
    <Switch
      size="xs"
      checked={checked}
      onChange={(event) => bench.settings.patch({ [name]: event.currentTarget.checked })}
      {...words}
    />
  );
}
