/** All cases that one may see: filtered, sorted and paged by the server, with the filters in the address. */
import { Anchor, Badge, Button, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { IconDatabase, IconSearch, IconUpload } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { type CaseSummary, TUMOUR_TYPES, useCases } from "@/api/cases";
import { SEQUENCES, TIME_POINTS, useCentres } from "@/api/imports";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { formatCount } from "@/ui/format";
import { PageHeader } from "@/ui/PageHeader";
import { Panel } from "@/ui/Panel";
import { SyntheticBadge } from "@/ui/SyntheticBadge";
import { Thumbnail } from "@/ui/Thumbnail";
import { TimeAgo } from "@/ui/TimeAgo";
import { FILTERS, type FilterName, queryOf } from "./filters";

const PAGE_SIZE = 50;

const COLUMNS: readonly Column<CaseSummary>[] = [
  {
    key: "thumbnail",
    title: "",
    width: 56,
    cell: (row) => <Thumbnail src={row.thumbnail} alt={row.patient} size={40} />,
  },
  {
    key: "patient",
    title: "Patient",
    value: ({ patient }) => patient,
    cell: (row) => (
      <Group gap={6} wrap="nowrap">
        <Anchor component={Link} to={`/cases/${row.id}`} size="sm" fw={550}>
          {row.patient}
        </Anchor>
        {row.synthetic && <SyntheticBadge size="xs" />}
      </Group>
    ),
  },
  {
    key: "time_point",
    title: "Time point",
    sortable: false,
    value: (row) => row.time_point_name,
    cell: (row) => row.time_point_name,
  },
  { key: "centre", title: "Centre", value: ({ centre }) => centre, cell: ({ centre }) => centre },
  {
    key: "tumour",
    title: "Tumour",
    sortable: false,
    value: (row) => row.tumour_type_name,
    cell: (row) => <Tumour row={row} />,
  },
  {
    key: "sequences",
    title: "Sequences",
    sortable: false,
    value: ({ sequences }) => sequences.join(" "),
    cell: ({ sequences }) => (
      <Group gap={4}>
        {[...new Set(sequences)].map((sequence) => (
          <Badge key={sequence} size="xs" variant="default" tt="none" miw="max-content">
            {sequence}
          </Badge>
        ))}
      </Group>
    ),
  },
  {
    key: "masks",
    title: "Masks",
    numeric: true,
    sortable: false,
    value: (row) => row.segmentation_count,
    cell: (row) => row.segmentation_count,
  },
  {
    key: "created_at",
    title: "Imported",
    value: ({ created_at }) => created_at,
    cell: ({ created_at }) => <TimeAgo time={created_at} />,
  },
];

/** Show the cases, or what to do first. */
export function Page() {
  const [params] = useSearchParams();
  const query = useMemo(() => queryOf(params, PAGE_SIZE), [params]);
  const cases = useCases(query);
  const filtered = FILTERS.some((name) => params.get(name));
  const count = cases.data?.count ?? 0;
  return (
    <>
      <PageHeader
        title="Cases"
        summary={
          cases.data &&
          formatCount(count, filtered ? "case matches" : "case", filtered ? "cases match" : "cases")
        }
        actions={<ImportButton />}
      />
      {cases.error && !cases.data ? (
        <ErrorState
          title="The cases could not be read"
          error={cases.error}
          onRetry={() => void cases.refetch()}
        />
      ) : (
        <Panel title="One row per exam" flush>
          <DataTable
            rows={cases.data?.results}
            columns={COLUMNS}
            rowKey={({ id }) => id}
            name="cases"
            server={{ count, pageSize: PAGE_SIZE }}
            toolbar={<Filters />}
            empty={filtered ? <NothingFound /> : <NoCases />}
          />
        </Panel>
      )}
    </>
  );
}

function Tumour({ row }: { row: CaseSummary }) {
  const more = [
    row.grade ? `grade ${row.grade}` : "",
    row.recurrent === "yes" ? "recurrent" : "",
    row.multifocal === "yes" ? "multifocal" : "",
    row.idh && row.idh !== "unknown" ? `IDH ${row.idh}` : "",
  ].filter(Boolean);
  return (
    <>
      {row.tumour_type_name}
      {more.length > 0 && (
        <Text size="xs" c="dimmed">
          {more.join(", ")}
        </Text>
      )}
    </>
  );
}

function Filters() {
  const [params, setParams] = useSearchParams();
  const centres = useCentres();
  const set = (name: FilterName, value: string) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        after.delete("page");
        if (value === "") after.delete(name);
        else after.set(name, value);
        return after;
      },
      { replace: true },
    );
  const choice = (name: FilterName, all: string, choices: readonly (readonly [string, string])[]) => (
    <NativeSelect
      key={name}
      size="xs"
      aria-label={all}
      data={[{ value: "", label: all }, ...choices.map(([value, label]) => ({ value, label }))]}
      value={params.get(name) ?? ""}
      onChange={(event) => set(name, event.currentTarget.value)}
    />
  );
  return (
    <>
      <TextInput
        size="xs"
        w={170}
        type="search"
        aria-label="Search patients"
        placeholder="Patient"
        leftSection={<IconSearch size={14} />}
        value={params.get("search") ?? ""}
        onChange={(event) => set("search", event.currentTarget.value)}
      />
      {choice(
        "centre",
        "All centres",
        (centres.data ?? []).map(({ name }) => [name, name] as const),
      )}
      {choice("time_point", "All time points", Object.entries(TIME_POINTS))}
      {choice("tumour_type", "All tumours", Object.entries(TUMOUR_TYPES))}
      {choice(
        "sequence",
        "All sequences",
        SEQUENCES.map((key) => [key, key] as const),
      )}
      {choice("synthetic", "Real and synthetic", [
        ["false", "Real"],
        ["true", "Synthetic"],
      ])}
    </>
  );
}

function NothingFound() {
  const [, setParams] = useSearchParams();
  return (
    <EmptyState
      title="No case matches"
      action={
        <Button size="xs" variant="default" onClick={() => setParams({}, { replace: true })}>
          Show all cases
        </Button>
      }
    />
  );
}

function NoCases() {
  return (
    <EmptyState icon={<IconDatabase size={40} stroke={1.2} />} title="No cases yet" action={<ImportButton />}>
      Import the exams of a first patient. Names and dates stay out; you see everything before it is stored.
    </EmptyState>
  );
}

function ImportButton() {
  return (
    <Button component={Link} to="/import" size="xs" leftSection={<IconUpload size={14} />}>
      Import cases
    </Button>
  );
}
