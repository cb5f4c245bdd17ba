/** The tables of a report that list every case: each is drawn when it is opened. */
import { Accordion, Text } from "@mantine/core";
import { useSearchParams } from "react-router";
import type { ReportTable } from "@/api/reports";
import { TableOnly } from "./ResultTable";

/** List the tables' titles and sizes; which one is open is in the address. */
export function LongTables({ tables, open }: { tables: readonly ReportTable[]; open: ReadonlySet<number> }) {
  const [params, setParams] = useSearchParams();
  const choose = (key: string | null) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (key) after.set("table", key);
        else after.delete("table");
        return after;
      },
      { replace: true },
    );
  const chosen = params.get("table");
  return (
    <Accordion value={chosen} onChange={choose} variant="default" chevronPosition="left">
      {tables.map((table) => (
        <Accordion.Item key={table.key} value={table.key}>
          <Accordion.Control disabled={table.rows.length === 0}>
            <Text size="sm" span>
              {table.title}
            </Text>{" "}
            <Text size="xs" c="dimmed" span>
              {table.rows.length} {table.rows.length === 1 ? "row" : "rows"}
            </Text>
          </Accordion.Control>
          <Accordion.Panel>{chosen === table.key && <TableOnly table={table} open={open} />}</Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}
