/** A report computed again: when, with which versions, and what differs. */
import { Badge, Button, Code, Stack, Table, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { isUnderWay, type Recomputation, type ReportDetail, useRecompute } from "@/api/reports";
import { ErrorState } from "@/ui/ErrorState";
import { ProgressLine } from "@/ui/JobProgress";
import { Panel } from "@/ui/Panel";
import { TimeAgo } from "@/ui/TimeAgo";
import { changedVersions } from "./environment";

const VERDICTS: Readonly<Record<string, readonly [string, string]>> = {
  identical: ["Identical", "green"],
  within: ["Equal within 1e-9", "green"],
  different: ["Different", "red"],
};

/** List the recomputations; a lead can ask for one. */
export function Recomputations({ report }: { report: ReportDetail }) {
  const again = useRecompute(report.id);
  return (
    <Panel
      title="Computed again"
      actions={
        report.may_recompute && (
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<IconRefresh size={14} />}
            loading={again.isPending || report.recomputations.some(isUnderWay)}
            onClick={() => again.mutate()}
          >
            Recompute and compare
          </Button>
        )
      }
    >
      <Stack gap="md">
        {again.error && <ErrorState title="The recomputation was not started" error={again.error} />}
        {report.recomputations.length === 0 && (
          <Text size="sm" c="dimmed">
            Nobody has computed this report again. From the same frozen inputs the same environment gives
            identical data; another one gives them within 1e-9.
          </Text>
        )}
        {report.recomputations.map((one) => (
          <One key={one.id} one={one} report={report} />
        ))}
      </Stack>
    </Panel>
  );
}

function One({ one, report }: { one: Recomputation; report: ReportDetail }) {
  const [words, color] = VERDICTS[one.verdict ?? ""] ?? ["", "gray"];
  return (
    <div>
      <Text size="sm" component="div">
        {one.finished_at && (
          <Badge color={color} variant="light" mr="xs" tt="none">
            {words}
          </Badge>
        )}
        <TimeAgo time={one.created_at} /> by {one.requested_by}
        {one.finished_at && ` · ${environmentWords(one, report)}`}
      </Text>
      {!one.finished_at && one.job && <ProgressLine job={one.job} />}
      {one.differences.length > 0 && <Differences one={one} />}
    </div>
  );
}

function environmentWords(one: Recomputation, report: ReportDetail): string {
  if (one.same_environment) return "in the same environment";
  return `in another environment: ${changedVersions(report.environment, one.environment).join(", ")}`;
}

function Differences({ one }: { one: Recomputation }) {
  const more = (one.difference_count ?? 0) - one.differences.length;
  return (
    <Table.ScrollContainer minWidth={500} mah={280} mt="xs">
      <Table fz="xs" verticalSpacing={3}>
        <Table.Thead>
          <Table.Tr>
            {["Value", "In the report", "Computed again", ""].map((name) => (
              <Table.Th key={name}>{name}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {one.differences.map(({ path, old, new: now, within }) => (
            <Table.Tr key={path}>
              <Table.Td>
                <Code fz="xs">{path}</Code>
              </Table.Td>
              <Table.Td>{JSON.stringify(old)}</Table.Td>
              <Table.Td>{JSON.stringify(now)}</Table.Td>
              <Table.Td>{within ? "within 1e-9" : "beyond 1e-9"}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {more > 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          and {more} more
        </Text>
      )}
    </Table.ScrollContainer>
  );
}
