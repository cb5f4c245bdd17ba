/** The attributes that reports group by: shown to all, corrected by leads. */
import { Alert, Button, Group, NativeSelect, NumberInput, SimpleGrid, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import {
  type CaseAttributes,
  type CaseDetail,
  IDH,
  TUMOUR_TYPES,
  useChangeAttributes,
  YES_NO_UNKNOWN,
} from "@/api/cases";
import { useSession } from "@/app/session";
import { Panel } from "@/ui/Panel";
import { wordsOf } from "@/ui/words";

/** Show the attributes; leads get a form in their place. */
export function Attributes({ detail }: { detail: CaseDetail }) {
  const { person } = useSession();
  const [editing, setEditing] = useState(false);
  const mayEdit = person?.may_lead === true || person?.is_administrator === true;
  return (
    <Panel
      title="Attributes"
      actions={
        mayEdit &&
        !editing && (
          <Button size="compact-xs" variant="subtle" onClick={() => setEditing(true)}>
            Correct
          </Button>
        )
      }
    >
      {editing ? <Form detail={detail} onDone={() => setEditing(false)} /> : <Facts detail={detail} />}
    </Panel>
  );
}

function Facts({ detail }: { detail: CaseDetail }) {
  const facts: readonly (readonly [string, string])[] = [
    ["Tumour", detail.tumour_type_name],
    ["Grade", detail.grade ? String(detail.grade) : "–"],
    ["IDH", IDH[detail.idh ?? "unknown"]],
    ["Recurrent", YES_NO_UNKNOWN[detail.recurrent ?? "unknown"]],
    ["Multifocal", YES_NO_UNKNOWN[detail.multifocal ?? "unknown"]],
    ["Day", detail.day_offset === null || detail.day_offset === undefined ? "–" : String(detail.day_offset)],
    ["Data set group", detail.dataset_group || "–"],
  ];
  return (
    <SimpleGrid cols={2} verticalSpacing={4} component="dl" m={0}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" size="sm" m={0}>
            {value}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}

function Form({ detail, onDone }: { detail: CaseDetail; onDone: () => void }) {
  const change = useChangeAttributes(String(detail.id));
  const [fields, setFields] = useState<CaseAttributes>({
    tumour_type: detail.tumour_type ?? "unknown",
    grade: detail.grade ?? null,
    idh: detail.idh ?? "unknown",
    recurrent: detail.recurrent ?? "unknown",
    multifocal: detail.multifocal ?? "unknown",
    day_offset: detail.day_offset ?? null,
    dataset_group: detail.dataset_group ?? "",
  });
  const set = (more: CaseAttributes) => setFields((before) => ({ ...before, ...more }));
  const save = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(fields, { onSuccess: onDone });
  };
  return (
    <form onSubmit={save}>
      <SimpleGrid cols={2} spacing="xs" verticalSpacing="xs">
        <Choice
          label="Tumour"
          choices={TUMOUR_TYPES}
          value={fields.tumour_type ?? "unknown"}
          onChange={(tumour_type) => set({ tumour_type })}
        />
        <NumberInput
          size="xs"
          label="Grade"
          min={1}
          max={4}
          allowDecimal={false}
          value={fields.grade ?? ""}
          onChange={(value) => set({ grade: value === "" ? null : Number(value) })}
        />
        <Choice label="IDH" choices={IDH} value={fields.idh ?? "unknown"} onChange={(idh) => set({ idh })} />
        <Choice
          label="Recurrent"
          choices={YES_NO_UNKNOWN}
          value={fields.recurrent ?? "unknown"}
          onChange={(recurrent) => set({ recurrent })}
        />
        <Choice
          label="Multifocal"
          choices={YES_NO_UNKNOWN}
          value={fields.multifocal ?? "unknown"}
          onChange={(multifocal) => set({ multifocal })}
        />
        <NumberInput
          size="xs"
          label="Day (from the first exam)"
          allowDecimal={false}
          value={fields.day_offset ?? ""}
          onChange={(value) => set({ day_offset: value === "" ? null : Number(value) })}
        />
        <TextInput
          size="xs"
          label="Data set group"
          value={fields.dataset_group ?? ""}
          onChange={(event) => set({ dataset_group: event.currentTarget.value })}
        />
      </SimpleGrid>
      {change.error && (
        <Alert color="red" variant="light" role="alert" p="xs" mt="xs">
          {wordsOf(change.error)}
        </Alert>
      )}
      <Group justify="flex-end" mt="sm" gap="xs">
        <Button size="xs" variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button size="xs" type="submit" loading={change.isPending}>
          Save
        </Button>
      </Group>
    </form>
  );
}

function Choice<Value extends string>({
  label,
  choices,
  value,
  onChange,
}: {
  label: string;
  choices: Readonly<Record<Value, string>>;
  value: Value;
  onChange: (value: Value) => void;
}) {
  return (
    <NativeSelect
      size="xs"
      label={label}
      data={Object.entries<string>(choices).map(([key, words]) => ({ value: key, label: words }))}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as Value)}
    />
  );
}
