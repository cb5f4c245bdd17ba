/** The rows of a preview, each to be corrected in place. */
import {
  Badge,
  Checkbox,
  Group,
  List,
  NativeSelect,
  Popover,
  Table,
  Text,
  TextInput,
  UnstyledButton,
} from "@mantine/core";
import { useState } from "react";
import { type Correction, type Row, SEQUENCES, TIME_POINTS } from "@/api/imports";
import { formatTriple } from "@/ui/format";
import classes from "./PreviewTable.module.css";

const PORTION = 200;

/** Show the rows. `onChange` gets the changed fields of one row. */
export function PreviewTable({
  rows,
  selected,
  onSelect,
  onChange,
}: {
  rows: readonly Row[];
  selected: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
  onChange: (correction: Correction) => void;
}) {
  const [most, setMost] = useState(PORTION);
  const all = rows.length > 0 && rows.every(({ id }) => selected.has(id));
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  return (
    <Table.ScrollContainer minWidth={1100}>
      <Table className={classes.table ?? ""} verticalSpacing={4} horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={32}>
              <Checkbox
                size="xs"
                aria-label="Select all rows"
                checked={all}
                indeterminate={selected.size > 0 && !all}
                onChange={() => onSelect(new Set(all ? [] : rows.map(({ id }) => id)))}
              />
            </Table.Th>
            <Table.Th>Store</Table.Th>
            <Table.Th>File</Table.Th>
            <Table.Th>Patient</Table.Th>
            <Table.Th>Time point</Table.Th>
            <Table.Th>Is</Table.Th>
            <Table.Th>Sequence</Table.Th>
            <Table.Th>Rater, numbering</Table.Th>
            <Table.Th>Size (voxels), spacing (mm)</Table.Th>
            <Table.Th>Remarks</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, most).map((row) => (
            <PreviewRow
              key={row.id}
              row={row}
              selected={selected.has(row.id)}
              onToggle={() => toggle(row.id)}
              onChange={(fields) => onChange({ id: row.id, ...fields })}
            />
          ))}
        </Table.Tbody>
      </Table>
      {rows.length > most && (
        <UnstyledButton p="sm" onClick={() => setMost(most + PORTION)}>
          <Text size="sm" c="accent">
            Show {Math.min(PORTION, rows.length - most)} more of {rows.length}
          </Text>
        </UnstyledButton>
      )}
    </Table.ScrollContainer>
  );
}

type Fields = Omit<Correction, "id">;

function PreviewRow({
  row,
  selected,
  onToggle,
  onChange,
}: {
  row: Row;
  selected: boolean;
  onToggle: () => void;
  onChange: (fields: Fields) => void;
}) {
  return (
    <Table.Tr className={row.include ? "" : (classes.out ?? "")}>
      <Table.Td>
        <Checkbox size="xs" mt={6} aria-label={`Select ${row.file}`} checked={selected} onChange={onToggle} />
      </Table.Td>
      <Table.Td>
        <Checkbox
          size="xs"
          mt={6}
          aria-label={`Store ${row.file}`}
          checked={row.include}
          onChange={(event) => onChange({ include: event.currentTarget.checked })}
        />
      </Table.Td>
      <Table.Td>
        <Text size="xs" className={classes.file ?? ""} mt={5}>
          {row.file}
        </Text>
      </Table.Td>
      <Table.Td>
        <Edit label="Patient" value={row.patient} onCommit={(patient) => onChange({ patient })} />
      </Table.Td>
      <Table.Td>
        <Choice
          label="Time point"
          value={row.time_point}
          choices={Object.entries(TIME_POINTS)}
          onChoose={(time_point) => onChange({ time_point })}
        />
      </Table.Td>
      <Table.Td>
        <Choice
          label="Image or mask"
          value={row.role}
          choices={[
            ["image", "Image"],
            ["mask", "Mask"],
          ]}
          onChoose={(role) => onChange({ role })}
        />
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <Choice
            label="Sequence"
            value={row.sequence}
            choices={SEQUENCES.map((key) => [key, key] as const)}
            onChoose={(sequence) => onChange({ sequence })}
          />
          {row.reference && (
            <Badge
              size="xs"
              variant="light"
              tt="none"
              miw="max-content"
              title="The case is shown on this image's grid"
            >
              grid
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>{row.role === "mask" && <MaskFields row={row} onChange={onChange} />}</Table.Td>
      <Table.Td className={classes.facts ?? ""}>
        <Text size="xs" mt={5}>
          {formatTriple(row.shape)}
        </Text>
        <Text size="xs" c="dimmed">
          {formatTriple(row.spacing, 2)} · {row.orientation}
        </Text>
      </Table.Td>
      <Table.Td>
        <Remarks row={row} />
      </Table.Td>
    </Table.Tr>
  );
}

function MaskFields({ row, onChange }: { row: Row; onChange: (fields: Fields) => void }) {
  return (
    <Group gap={4} wrap="nowrap">
      <Edit label="Rater" value={row.rater} onCommit={(rater) => onChange({ rater })} />
      {row.presets.length > 0 && (
        <Choice
          label="Numbering"
          value={row.preset}
          choices={[
            ["", "the scheme's own"],
            ...row.presets.filter(Boolean).map((key) => [key, key] as const),
          ]}
          onChoose={(preset) => onChange({ preset })}
        />
      )}
    </Group>
  );
}

function Remarks({ row }: { row: Row }) {
  return (
    <Group gap={4} mt={4}>
      {row.problem && (
        <Text size="xs" c="red" maw={260}>
          {row.problem}
        </Text>
      )}
      {row.face && (
        <Badge size="xs" color="orange" variant="light" tt="none">
          face
        </Badge>
      )}
      <Details label="warning" colour="yellow" lines={row.warnings} />
      <Details
        label="removed"
        colour="gray"
        title="These texts are not taken over"
        lines={row.removed.map(({ where, text }) => `${where}: ${text}`)}
      />
    </Group>
  );
}

function Details({
  label,
  colour,
  lines,
  title,
}: {
  label: string;
  colour: string;
  lines: readonly string[];
  title?: string;
}) {
  if (lines.length === 0) return null;
  return (
    <Popover width={360} withArrow shadow="md">
      <Popover.Target>
        <UnstyledButton aria-label={`${lines.length} ${label}`}>
          <Badge size="xs" color={colour} variant="light" tt="none" style={{ cursor: "pointer" }}>
            {lines.length} {label}
            {label === "warning" && lines.length > 1 ? "s" : ""}
          </Badge>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        {title && (
          <Text size="xs" c="dimmed" mb={4}>
            {title}
          </Text>
        )}
        <List size="xs">
          {lines.map((line) => (
            <List.Item key={line} style={{ overflowWrap: "anywhere" }}>
              {line}
            </List.Item>
          ))}
        </List>
      </Popover.Dropdown>
    </Popover>
  );
}

/** A text that is sent when one leaves it or presses Enter; Escape takes it back. */
function Edit({
  label,
  value,
  onCommit,
}: {
  label: string;
  value: string;
  onCommit: (value: string) => void;
}) {
  const [text, setText] = useState<string | null>(null);
  const commit = () => {
    if (text !== null && text.trim() !== value) onCommit(text.trim());
    setText(null);
  };
  return (
    <TextInput
      size="xs"
      miw={110}
      aria-label={label}
      value={text ?? value}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape") setText(null);
      }}
    />
  );
}

function Choice<Value extends string>({
  label,
  value,
  choices,
  onChoose,
}: {
  label: string;
  value: Value;
  choices: readonly (readonly [string, string])[];
  onChoose: (value: Value) => void;
}) {
  return (
    <NativeSelect
      size="xs"
      miw={92}
      aria-label={label}
      data={choices.map(([key, words]) => ({ value: key, label: words }))}
      value={value}
      onChange={(event) => onChoose(event.currentTarget.value as Value)}
    />
  );
}
