/** A short table that needs no sorting. */
import { Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Panel } from "@/ui/Panel";

/** Show rows of texts under a title, or say what there would be. */
export function SmallTable({
  title,
  head,
  rows,
  empty,
}: {
  title: string;
  head: readonly string[];
  rows: readonly (readonly ReactNode[])[];
  empty: string;
}) {
  return (
    <Panel title={title} flush>
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed" p="sm">
          {empty}
        </Text>
      ) : (
        <Table
          verticalSpacing={5}
          horizontalSpacing="sm"
          fz="sm"
          style={{ fontVariantNumeric: "tabular-nums" }}
        >
          <Table.Thead>
            <Table.Tr>
              {head.map((name) => (
                <Table.Th key={name} fz="xs" c="dimmed" fw={550}>
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a finished report never move
              <Table.Tr key={place}>
                {row.map((cell, column) => (
                  <Table.Td key={head[column]}>{cell}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}
