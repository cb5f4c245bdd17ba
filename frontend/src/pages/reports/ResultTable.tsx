/** A table of any kind of report. */
import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import type { ReportTable, TableColumn, TableRow } from "@/api/reports";
import { type Column, DataTable } from "@/ui/DataTable";
import { Panel } from "@/ui/Panel";
import { cellText, cellValue } from "./cells";

const LONG = 12;
/** Texts longer than this may break. */
const SENTENCE = 48;

/** Show a table in a frame; the cells of the cases in `open` lead to them. */
export function ResultTable({ table, open }: { table: ReportTable; open: ReadonlySet<number> }) {
  return (
    <Panel title={table.title} flush>
      <TableOnly table={table} open={open} />
    </Panel>
  );
}

/** Show a table without a frame. */
export function TableOnly({ table, open }: { table: ReportTable; open: ReadonlySet<number> }) {
  const places = new Map(table.rows.map((row, place) => [row, place]));
  return (
    <>
      <DataTable
        rows={table.rows}
        columns={table.columns.map((column) => columnOf(column, open))}
        rowKey={(row) => places.get(row) ?? -1}
        name={table.key}
        prefix={table.key}
        searchable={table.rows.length > LONG}
        empty={
          <Text size="sm" c="dimmed" p="sm">
            There is nothing to show here.
          </Text>
        }
      />
      {table.note && (
        <Text size="xs" c="dimmed" px="sm" pb="sm">
          {table.note}
        </Text>
      )}
    </>
  );
}

function columnOf(column: TableColumn, open: ReadonlySet<number>): Column<TableRow> {
  return {
    key: column.key || column.bounds?.join("-") || column.title,
    title: column.unit ? `${column.title} (${column.unit})` : column.title,
    numeric: column.numeric,
    value: (row) => cellValue(column, row),
    cell: (row) => {
      const target = column.case ? row[column.case] : null;
      const text = cellText(column, row);
      const whiteSpace = text.length > SENTENCE ? "normal" : "nowrap";
      if (typeof target !== "number" || !open.has(target)) return <span style={{ whiteSpace }}>{text}</span>;
      return (
        <Anchor component={Link} to={`/cases/${target}`} size="sm" style={{ whiteSpace }}>
          {text}
        </Anchor>
      );
    },
  };
}
