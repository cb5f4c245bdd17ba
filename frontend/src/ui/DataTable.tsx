/** A table that sorts, searches, pages and exports what it shows; its state is in the address. */
import { Button, Group, Pagination, Skeleton, Table, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconDownload, IconSearch, IconSelector } from "@tabler/icons-react";
import { type ReactNode, useMemo } from "react";
import { type CsvValue, saveCsv, toCsv } from "./csv";
import classes from "./DataTable.module.css";
import { arrange } from "./tableRows";
import { type TableState, useTableState } from "./tableState";

/** One column. Without `value` it neither sorts nor is exported. */
export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  readonly value?: (row: Row) => CsvValue;
  readonly numeric?: boolean;
  readonly width?: number | string;
  /** False when the server pages the rows and cannot sort by this. */
  readonly sortable?: boolean;
}

/** Rows that the server filters, sorts and pages: `rows` is one page of `count`. */
export interface ServerPages {
  readonly count: number;
  readonly pageSize: number;
}

const LOADING_ROWS = 6;

/** Show rows. `name` names the exported file, `prefix` keeps two tables of one page apart in the address. */
export function DataTable<Row>({
  rows,
  columns,
  rowKey,
  name,
  prefix = "",
  pageSize = 25,
  server,
  searchable = false,
  toolbar,
  empty,
}: {
  /** undefined while loading. */
  rows: readonly Row[] | undefined;
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string | number;
  name: string;
  prefix?: string;
  pageSize?: number;
  server?: ServerPages;
  searchable?: boolean;
  toolbar?: ReactNode;
  empty: ReactNode;
}) {
  const state = useTableState(prefix);
  const local = !server;
  const arranged = useMemo(
    () => (local && rows ? arrange(rows, columns, state.sort, searchable ? state.search : "") : (rows ?? [])),
    [local, rows, columns, state.sort, state.search, searchable],
  );
  const size = server?.pageSize ?? pageSize;
  const pages = Math.max(1, Math.ceil((server?.count ?? arranged.length) / size));
  const page = Math.min(state.page, pages);
  const shown = local ? arranged.slice((page - 1) * size, page * size) : arranged;
  const exported = columns.filter((column) => column.value);
  const save = () =>
    saveCsv(
      name,
      toCsv([
        exported.map(({ title }) => title),
        ...arranged.map((row) => exported.map((c) => c.value?.(row))),
      ]),
    );
  return (
    <>
      <Group className={classes.bar} justify="space-between" gap="xs">
        <Group gap="xs">
          {searchable && <Search state={state} />}
          {toolbar}
        </Group>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconDownload size={14} />}
          disabled={arranged.length === 0}
          onClick={save}
        >
          CSV
        </Button>
      </Group>
      <Table.ScrollContainer minWidth={600}>
        <Table className={classes.table ?? ""} verticalSpacing={5} horizontalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Head key={column.key} column={column} state={state} />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows === undefined && <LoadingRows columns={columns.length} />}
            {shown.map((row) => (
              <Table.Tr key={rowKey(row)}>
                {columns.map((column) => (
                  <Table.Td key={column.key} className={column.numeric ? (classes.number ?? "") : ""}>
                    {column.cell(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {rows !== undefined && shown.length === 0 && empty}
      {pages > 1 && (
        <Group className={classes.bar} justify="space-between">
          <Text size="xs" c="dimmed">
            {server?.count ?? arranged.length} rows
          </Text>
          <Pagination size="sm" total={pages} value={page} onChange={(next) => state.set({ page: next })} />
        </Group>
      )}
    </>
  );
}

function Search({ state }: { state: TableState }) {
  return (
    <TextInput
      size="xs"
      w={220}
      type="search"
      aria-label="Search in this table"
      placeholder="Search"
      leftSection={<IconSearch size={14} />}
      value={state.search}
      onChange={(event) => state.set({ search: event.currentTarget.value })}
    />
  );
}

function Head<Row>({ column, state }: { column: Column<Row>; state: TableState }) {
  const { key, title, numeric, width } = column;
  const direction = state.sort === key ? "ascending" : state.sort === `-${key}` ? "descending" : "none";
  const sortable = column.sortable ?? column.value !== undefined;
  const next = { none: key, ascending: `-${key}`, descending: "" }[direction];
  const Icon = { none: IconSelector, ascending: IconChevronUp, descending: IconChevronDown }[direction];
  return (
    <Table.Th w={width} className={numeric ? (classes.number ?? "") : ""} aria-sort={direction}>
      {sortable ? (
        <UnstyledButton
          className={classes.sort ?? ""}
          data-active={direction !== "none"}
          onClick={() => state.set({ sort: next })}
        >
          {title}
          <Icon size={12} aria-hidden />
        </UnstyledButton>
      ) : (
        title
      )}
    </Table.Th>
  );
}

function LoadingRows({ columns }: { columns: number }) {
  return Array.from({ length: LOADING_ROWS }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no other identity
    <Table.Tr key={row}>
      <Table.Td colSpan={columns}>
        <Skeleton height={18} />
      </Table.Td>
    </Table.Tr>
  ));
}
