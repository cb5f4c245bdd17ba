/** The cases that a study reads. */
import { ActionIcon, Anchor, Button, Group, Skeleton, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconPlus, IconStack2, IconTrash } from "@tabler/icons-react";
import { Link } from "react-router";
import { type BoardCase, type StudyDetail, useBoard, useRemoveCase } from "@/api/studies";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { Panel } from "@/ui/Panel";
import { SyntheticBadge } from "@/ui/SyntheticBadge";
import { Thumbnail } from "@/ui/Thumbnail";
import { wordsOf } from "@/ui/words";
import { CasePicker } from "./CasePicker";

const COLUMNS: readonly Column<BoardCase>[] = [
  {
    key: "patient",
    title: "Case",
    value: (row) => row.patient,
    cell: (row) => (
      <Group gap="sm" wrap="nowrap">
        <Thumbnail src={row.thumbnail} alt={row.patient} size={38} />
        <Anchor component={Link} to={`/cases/${row.id}`} size="sm" fw={550}>
          {row.patient}
        </Anchor>
        {row.synthetic && <SyntheticBadge size="xs" />}
      </Group>
    ),
  },
  { key: "time", title: "Time point", value: (row) => row.time_point, cell: (row) => row.time_point },
  { key: "centre", title: "Centre", value: (row) => row.centre, cell: (row) => row.centre },
];

const MASK: Column<BoardCase> = {
  key: "mask",
  title: "Start mask",
  value: (row) => row.start_mask?.status ?? "",
  cell: (row) => (
    <Text size="sm" c={row.start_mask?.status === "failed" ? "red" : "dimmed"}>
      {row.start_mask ? `${row.start_mask.status}, ${row.start_mask.percent} %` : "–"}
    </Text>
  ),
  width: 130,
};

/** List the cases; add some while the study is not closed, take some out while it is a draft. */
export function CasesTab({ study }: { study: StudyDetail }) {
  const { data: board, error, refetch } = useBoard(study.id);
  const [picking, { open, close }] = useDisclosure(false);
  if (error)
    return <ErrorState title="The cases could not be read" error={error} onRetry={() => void refetch()} />;
  if (!board) return <Skeleton height={320} aria-label="Loading the cases" />;
  const add = study.state !== "closed" && (
    <Button size="xs" leftSection={<IconPlus size={14} />} onClick={open}>
      Add cases
    </Button>
  );
  const columns = [...COLUMNS];
  if (board.cases.some(({ start_mask: mask }) => mask)) columns.push(MASK);
  if (study.state === "draft") columns.push(removeColumn(study.id));
  return (
    <Panel title={`Cases (${board.cases.length})`} actions={board.cases.length > 0 && add} flush>
      <DataTable
        rows={board.cases}
        columns={columns}
        rowKey={(row) => row.id}
        name={`study-${study.id}-cases`}
        searchable
        empty={
          <EmptyState icon={<IconStack2 size={32} />} title="No cases yet" action={add}>
            Choose from the cases that you imported or may see. Every rater is asked to read each of them.
          </EmptyState>
        }
      />
      <CasePicker study={study} taken={board.cases.map(({ id }) => id)} opened={picking} onClose={close} />
    </Panel>
  );
}

function removeColumn(study: number): Column<BoardCase> {
  return { key: "remove", title: "", width: 50, cell: (row) => <Remove study={study} row={row} /> };
}

function Remove({ study, row }: { study: number; row: BoardCase }) {
  const remove = useRemoveCase(study);
  const label = `Take ${row.patient}, ${row.time_point} out of the study`;
  const taken = () =>
    remove.mutate(row.id, {
      onError: (error) => notifications.show({ color: "red", message: wordsOf(error) }),
    });
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} loading={remove.isPending} onClick={taken}>
        <IconTrash size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
