/** Two reports of one kind side by side, with what differs. */
import { Anchor, Group, Skeleton, Stack, Switch, Table, Text } from "@mantine/core";
import { Link, useParams, useSearchParams } from "react-router";
import { type ReportComparison, useComparison } from "@/api/reports";
import { type Column, DataTable } from "@/ui/DataTable";
import { ErrorState } from "@/ui/ErrorState";
import { PageHeader } from "@/ui/PageHeader";
import { Panel } from "@/ui/Panel";
import { TimeAgo } from "@/ui/TimeAgo";
import { figure } from "./cells";

type Pair = ReportComparison["tables"][number];
type ValuePair = Pair["values"][number];
type Shown = ValuePair & { readonly place: number };

/** Compare the reports in the address. */
export function Page() {
  const { reportId, otherId } = useParams();
  const { data, error, refetch } = useComparison(Number(reportId), Number(otherId));
  if (error)
    return (
      <ErrorState title="The reports could not be compared" error={error} onRetry={() => void refetch()} />
    );
  if (!data) return <Skeleton height={480} aria-label="Loading the comparison" />;
  return <Comparison data={data} />;
}

function Comparison({ data }: { data: ReportComparison }) {
  const [params, setParams] = useSearchParams();
  const all = params.get("all") === "1";
  const differing = data.tables.reduce((sum, table) => sum + table.differing, 0);
  return (
    <Stack maw={1200} mx="auto">
      <PageHeader
        title="Two reports side by side"
        summary={`${data.first.study_name} · ${data.first.kind_name}`}
        actions={
          <Switch
            size="sm"
            label="Show what is equal too"
            checked={all}
            onChange={(event) =>
              setParams(event.currentTarget.checked ? { all: "1" } : {}, { replace: true })
            }
          />
        }
      />
      <Sources data={data} />
      {differing === 0 && <Text size="sm">Every figure of both reports is the same.</Text>}
      {data.tables
        .filter((table) => all || table.differing > 0)
        .map((table) => (
          <TableOfBoth key={table.key} table={table} all={all} />
        ))}
    </Stack>
  );
}

function Sources({ data: { first, second, choices, readings } }: { data: ReportComparison }) {
  return (
    <Panel title="What they were made of">
      <Table fz="sm" verticalSpacing={4} maw={900}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th />
            {[first, second].map(({ id, title }, place) => (
              <Table.Th key={place === 0 ? "first" : "second"}>
                <Anchor component={Link} to={`/reports/${id}`} size="sm">
                  {title}
                </Anchor>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Table.Tr>
            <Table.Td c="dimmed">Frozen</Table.Td>
            <Table.Td>
              <TimeAgo time={first.created_at} />
            </Table.Td>
            <Table.Td>
              <TimeAgo time={second.created_at} />
            </Table.Td>
          </Table.Tr>
          {choices
            .filter(({ same }) => !same)
            .map((choice) => (
              <Table.Tr key={choice.title}>
                <Table.Td c="dimmed">{choice.title}</Table.Td>
                <Table.Td>{choice.first ?? "–"}</Table.Td>
                <Table.Td>{choice.second ?? "–"}</Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
      <Group mt="xs">
        <Text size="xs" c="dimmed">
          Masks: {readings.same} the same, {readings.changed} changed, {readings.only_first} only in the
          first, {readings.only_second} only in the second. Choices that are not listed are the same.
        </Text>
      </Group>
    </Panel>
  );
}

function TableOfBoth({ table, all }: { table: Pair; all: boolean }) {
  const rows = table.values.map((one, place) => ({ ...one, place })).filter((one) => all || !one.same);
  return (
    <Panel title={`${table.title}: ${table.differing} of ${table.compared} values differ`} flush>
      <DataTable
        rows={rows}
        columns={COLUMNS}
        rowKey={(row) => row.place}
        name={`compare-${table.key}`}
        prefix={table.key}
        searchable
        empty={
          <Text size="sm" c="dimmed" p="sm">
            Nothing differs here.
          </Text>
        }
      />
    </Panel>
  );
}

const COLUMNS: readonly Column<Shown>[] = [
  { key: "row", title: "Row", value: (row) => row.row, cell: (row) => row.row },
  { key: "column", title: "Value", value: (row) => row.column, cell: (row) => row.column },
  valueColumn("first", "First"),
  valueColumn("second", "Second"),
  {
    key: "difference",
    title: "Second − first",
    numeric: true,
    value: (row) => row.difference,
    cell: (row) => (row.difference ? figure(row.difference, row.digits ?? 0) : "–"),
  },
];

function valueColumn(key: "first" | "second", title: string): Column<Shown> {
  const of = (row: Shown) => row[key] as string | number | boolean | null;
  return { key, title, numeric: true, value: of, cell: (row) => figure(of(row), row.digits) };
}
