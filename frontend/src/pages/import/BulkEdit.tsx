/** One change for all selected rows. */
import { Button, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { type Correction, type Row, SEQUENCES, TIME_POINTS } from "@/api/imports";
import { formatCount } from "@/ui/format";

type Field = "patient" | "time_point" | "sequence" | "rater";

const FIELDS: readonly { value: Field; label: string }[] = [
  { value: "patient", label: "Patient" },
  { value: "time_point", label: "Time point" },
  { value: "sequence", label: "Sequence" },
  { value: "rater", label: "Rater of the mask" },
];

/** Offer the change of one field, including and leaving out. Shows nothing while no row is selected. */
export function BulkEdit({
  rows,
  busy,
  onChange,
  onClear,
}: {
  rows: readonly Row[];
  busy: boolean;
  onChange: (corrections: readonly Correction[]) => void;
  onClear: () => void;
}) {
  const [field, setField] = useState<Field>("patient");
  const [value, setValue] = useState("");
  if (rows.length === 0) return null;
  const include = (yes: boolean) => onChange(rows.map(({ id }) => ({ id, include: yes })));
  const apply = () => onChange(rows.map(({ id }) => ({ id, [field]: value })));
  return (
    <Group px="sm" py={6} gap="xs">
      <Text size="sm" fw={550}>
        {formatCount(rows.length, "row")} selected
      </Text>
      <NativeSelect
        size="xs"
        aria-label="What to change"
        data={[...FIELDS]}
        value={field}
        onChange={(event) => {
          setField(event.currentTarget.value as Field);
          setValue("");
        }}
      />
      <Value field={field} value={value} onChange={setValue} />
      <Button size="xs" loading={busy} disabled={value === ""} onClick={apply}>
        Set
      </Button>
      <Button size="xs" variant="default" disabled={busy} onClick={() => include(true)}>
        Include
      </Button>
      <Button size="xs" variant="default" disabled={busy} onClick={() => include(false)}>
        Leave out
      </Button>
      <Button size="xs" variant="subtle" color="gray" onClick={onClear}>
        Clear selection
      </Button>
    </Group>
  );
}

function Value({
  field,
  value,
  onChange,
}: {
  field: Field;
  value: string;
  onChange: (value: string) => void;
}) {
  const choices =
    field === "time_point"
      ? Object.entries(TIME_POINTS).map(([key, label]) => ({ value: key, label }))
      : field === "sequence"
        ? SEQUENCES.map((key) => ({ value: key, label: key }))
        : null;
  return choices ? (
    <NativeSelect
      size="xs"
      aria-label="New value"
      data={[{ value: "", label: "Choose" }, ...choices]}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  ) : (
    <TextInput
      size="xs"
      aria-label="New value"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
