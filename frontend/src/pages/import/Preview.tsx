/** The preview: every file as it was understood, to be corrected before anything is stored. */
import { Alert, Badge, Button, Group, List, Select, Stack, Switch, Text, Tooltip } from "@mantine/core";
import { IconFaceId } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { type Correction, type Delivery, useCorrectRows, useLabelSchemes } from "@/api/imports";
import { ErrorState } from "@/ui/ErrorState";
import { formatCount } from "@/ui/format";
import { Panel } from "@/ui/Panel";
import { BulkEdit } from "./BulkEdit";
import { PreviewTable } from "./PreviewTable";
import { type Review, review } from "./review";

/** Show the rows; every change is checked by the server at once. */
export function Preview({
  delivery,
  confirming,
  onConfirm,
}: {
  delivery: Delivery;
  confirming: boolean;
  onConfirm: () => void;
}) {
  const correct = useCorrectRows(delivery.id);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [faulty, setFaulty] = useState(false);
  const summary = useMemo(() => review(delivery.rows), [delivery.rows]);
  const shown = faulty
    ? delivery.rows.filter(({ problem, warnings }) => problem || warnings.length > 0)
    : delivery.rows;
  const change = (rows: readonly Correction[]) => correct.mutate({ rows: [...rows] });
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end">
        <Facts summary={summary} />
        <Group gap="sm" align="flex-end">
          {delivery.rows.some(({ role }) => role === "mask") && (
            <SchemeChoice delivery={delivery} onChoose={(scheme) => correct.mutate({ scheme })} />
          )}
          <Tooltip label={summary.hindrance} disabled={summary.hindrance === ""} multiline maw={320}>
            <Button
              loading={confirming}
              {...(summary.hindrance !== "" || correct.isPending ? { "data-disabled": true } : {})}
              aria-disabled={summary.hindrance !== ""}
              onClick={(event) => {
                if (summary.hindrance !== "" || correct.isPending) event.preventDefault();
                else onConfirm();
              }}
            >
              Store {formatCount(summary.cases, "case")}
            </Button>
          </Tooltip>
        </Group>
      </Group>
      {summary.hindrance && (
        <Alert color="yellow" variant="light" p="xs">
          {summary.hindrance}
        </Alert>
      )}
      {summary.faces > 0 && (
        <Alert color="orange" variant="light" icon={<IconFaceId size={18} />} p="xs">
          {formatCount(summary.faces, "image")} may show a face, by which a person can be recognised. Remove
          faces before importing if your ethics approval asks for it.
        </Alert>
      )}
      {correct.error && <ErrorState title="The correction was not taken" error={correct.error} />}
      <Panel
        title="What was understood"
        flush
        actions={
          <Switch
            size="xs"
            label="Only problems and warnings"
            checked={faulty}
            onChange={(event) => setFaulty(event.currentTarget.checked)}
          />
        }
      >
        <BulkEdit
          rows={delivery.rows.filter(({ id }) => selected.has(id))}
          busy={correct.isPending}
          onChange={change}
          onClear={() => setSelected(new Set())}
        />
        <PreviewTable
          rows={shown}
          selected={selected}
          onSelect={setSelected}
          onChange={(row) => change([row])}
        />
      </Panel>
      {delivery.problems.length > 0 && <Refused problems={delivery.problems} />}
    </Stack>
  );
}

function Facts({ summary }: { summary: Review }) {
  return (
    <Group gap="xs">
      <Badge variant="light" tt="none">
        {formatCount(summary.images, "image")}
      </Badge>
      <Badge variant="light" tt="none">
        {formatCount(summary.masks, "mask")}
      </Badge>
      <Badge variant="light" tt="none">
        {formatCount(summary.cases, "case")}
      </Badge>
      {summary.problems > 0 && (
        <Badge color="red" variant="light" tt="none">
          {formatCount(summary.problems, "problem")}
        </Badge>
      )}
    </Group>
  );
}

function SchemeChoice({ delivery, onChoose }: { delivery: Delivery; onChoose: (key: string) => void }) {
  const schemes = useLabelSchemes();
  return (
    <Select
      size="xs"
      w={240}
      label="Label scheme of the masks"
      placeholder="Choose"
      allowDeselect={false}
      data={(schemes.data ?? []).map(({ key, name }) => ({ value: key, label: name }))}
      value={delivery.scheme}
      onChange={(key) => key && onChoose(key)}
    />
  );
}

/** Files that could not be taken over, with the reason for each. */
export function Refused({ problems }: { problems: Delivery["problems"] }) {
  return (
    <Panel title={`Not taken over (${problems.length})`}>
      <List size="sm" spacing={4}>
        {problems.map(({ file, reason }) => (
          <List.Item key={`${file} ${reason}`}>
            <Text component="span" size="sm" ff="monospace">
              {file}
            </Text>
            : {reason}
          </List.Item>
        ))}
      </List>
    </Panel>
  );
}
