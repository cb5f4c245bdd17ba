/** How far each rater is. */
import { Table } from "@mantine/core";
import type { Board } from "@/api/studies";
import { formatDuration } from "@/ui/format";
import { Panel } from "@/ui/Panel";
import { ProgressCount } from "@/ui/ProgressCount";
import { countByRater } from "../board/grid";

/** Show progress and median time per rater. */
export function ByRater({ board }: { board: Board }) {
  const counts = countByRater(board);
  return (
    <Panel title="Raters" flush>
      <Table verticalSpacing={6} horizontalSpacing="sm" fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Rater</Table.Th>
            <Table.Th>Expertise</Table.Th>
            <Table.Th>Handed in</Table.Th>
            <Table.Th ta="right">Median time</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {board.raters.map((rater) => {
            const { done = 0, total = 0, seconds = null } = counts.get(rater.id) ?? {};
            return (
              <Table.Tr key={rater.id}>
                <Table.Td>{rater.name}</Table.Td>
                <Table.Td>
                  {rater.expertise}
                  {rater.years === null ? "" : `, ${rater.years} y`}
                </Table.Td>
                <Table.Td>
                  <ProgressCount done={done} total={total} width={90} />
                </Table.Td>
                <Table.Td ta="right">{seconds ? formatDuration(seconds) : "–"}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
