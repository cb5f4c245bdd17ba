/** How often each rater gave each score. */
import { Group, Table, Text } from "@mantine/core";
import type { StudyAgreement } from "@/api/agreement";
import { Panel } from "@/ui/Panel";
import classes from "./agreement.module.css";
import { groupOf } from "./metrics";

/** Show the scores as bars in a table. */
export function Scores({ agreement }: { agreement: StudyAgreement }) {
  const { scores, raters } = agreement;
  const values = [...new Set(scores.flatMap(({ counts }) => Object.keys(counts)))].sort(
    (a, b) => Number(a) - Number(b),
  );
  const most = Math.max(1, ...scores.flatMap(({ counts }) => Object.values(counts)));
  return (
    <Panel title="Scores of the start mask" flush>
      {scores.length === 0 ? (
        <Text size="sm" c="dimmed" py="xl" ta="center">
          No score is in yet.
        </Text>
      ) : (
        <Table className={classes.scores ?? ""} aria-label="How often each rater gave each score">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Rater</Table.Th>
              {values.map((value) => (
                <Table.Th key={value} ta="center">
                  {value}
                </Table.Th>
              ))}
              <Table.Th ta="right">Mean</Table.Th>
              <Table.Th ta="right">n</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {scores.map((row) => {
              const rater = raters.find(({ id }) => id === row.rater);
              const colour = rater ? groupOf(rater).colour : "#66717d";
              return (
                <Table.Tr key={row.rater}>
                  <Table.Th>
                    <Group gap={6} wrap="nowrap">
                      <span className={classes.dot} style={{ background: colour }} />
                      {rater?.name ?? `rater ${row.rater}`}
                    </Group>
                  </Table.Th>
                  {values.map((value) => (
                    <Table.Td key={value} className={classes.count}>
                      <span
                        className={classes.bar}
                        style={{ height: `${(100 * (row.counts[value] ?? 0)) / most}%`, background: colour }}
                      />
                      <span className={classes.number}>{row.counts[value] ?? ""}</span>
                    </Table.Td>
                  ))}
                  <Table.Td ta="right">{row.mean.toFixed(2)}</Table.Td>
                  <Table.Td ta="right">{row.n}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}
