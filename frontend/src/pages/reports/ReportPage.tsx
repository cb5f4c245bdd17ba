/** A report: methods, figures, tables, and everything to download. */
import { Anchor, Group, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { useCallback, useMemo } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { ApiError } from "@/api/client";
import { isUnderWay, type ReportDetail, useReport } from "@/api/reports";
import { useTitle } from "@/app/title";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { Figure } from "@/ui/Figure";
import { ProgressLine } from "@/ui/JobProgress";
import { PageHeader } from "@/ui/PageHeader";
import { Panel } from "@/ui/Panel";
import { SyntheticBadge } from "@/ui/SyntheticBadge";
import { TimeAgo } from "@/ui/TimeAgo";
import { CompareWith } from "./CompareWith";
import { Downloads } from "./Downloads";
import { LongTables } from "./LongTables";
import { Recomputations } from "./Recomputations";
import { ResultTable } from "./ResultTable";

/** Show the report in the address. */
export function Page() {
  const { data: report, error, refetch } = useReport(Number(useParams().reportId));
  if (error instanceof ApiError && error.status === 404) return <Unknown />;
  if (error)
    return <ErrorState title="The report could not be read" error={error} onRetry={() => void refetch()} />;
  if (!report) return <Skeleton height={480} aria-label="Loading the report" />;
  return (
    <Stack maw={1200} mx="auto">
      <PageHeader
        title={report.title}
        badges={report.synthetic && <SyntheticBadge />}
        summary={<Source report={report} />}
        actions={
          report.finished_at && (
            <>
              <CompareWith report={report} />
              <Downloads report={report} />
            </>
          )
        }
      />
      {report.finished_at ? <Results report={report} /> : <UnderWay report={report} />}
    </Stack>
  );
}

function Source({ report }: { report: ReportDetail }) {
  return (
    <>
      <Anchor component={Link} to={`/studies/${report.study}/reports`} size="sm">
        {report.study_name}
      </Anchor>{" "}
      · readings frozen <TimeAgo time={report.created_at} /> by {report.created_by}
    </>
  );
}

function UnderWay({ report }: { report: ReportDetail }) {
  return (
    <Panel title={isUnderWay(report) ? "A worker is computing this report" : "This report was not computed"}>
      {report.job ? <ProgressLine job={report.job} /> : <Text size="sm">No worker was asked for it.</Text>}
      <Text size="sm" c="dimmed" mt="sm">
        {isUnderWay(report)
          ? "You can leave this page: the work goes on."
          : "The readings stay frozen. Make the report again from the study; if it fails again, tell your administrator."}
      </Text>
    </Panel>
  );
}

function Results({ report }: { report: ReportDetail }) {
  const navigate = useNavigate();
  const open = useMemo(() => new Set(report.open_cases), [report.open_cases]);
  const show = useCallback((id: number) => open.has(id) && void navigate(`/cases/${id}`), [open, navigate]);
  const printed = report.tables.filter((table) => table.printed);
  const long = report.tables.filter((table) => !table.printed);
  return (
    <Stack>
      <Methods report={report} />
      {printed.slice(0, 1).map((table) => (
        <ResultTable key={table.key} table={table} open={open} />
      ))}
      <Group align="stretch" gap="md">
        {Object.entries(report.figures).map(([name, specification]) => (
          <Panel key={name} title={specification.usermeta?.title ?? name}>
            <Figure
              specification={specification}
              label={specification.usermeta?.caption ?? name}
              onCase={show}
            />
          </Panel>
        ))}
      </Group>
      {printed.slice(1).map((table) => (
        <ResultTable key={table.key} table={table} open={open} />
      ))}
      {long.length > 0 && (
        <Panel title="Case by case, and in full" flush>
          <LongTables tables={long} open={open} />
        </Panel>
      )}
      <Recomputations report={report} />
    </Stack>
  );
}

function Methods({ report: { methods, inputs, inputs_sha256: hash } }: { report: ReportDetail }) {
  return (
    <Panel title="Methods">
      <Text size="sm" maw={900}>
        {methods}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="xl" verticalSpacing={2} mt="sm">
        {inputs.choices?.map(({ title, value }) => (
          <Group key={title} gap="xs" wrap="nowrap" align="baseline">
            <Text size="xs" c="dimmed" style={{ flexShrink: 0 }}>
              {title}
            </Text>
            <Text size="xs">{value}</Text>
          </Group>
        ))}
      </SimpleGrid>
      <Text size="xs" c="dimmed" mt="xs" style={{ overflowWrap: "anywhere" }}>
        SHA-256 of the frozen inputs: {hash}
      </Text>
    </Panel>
  );
}

function Unknown() {
  useTitle("No such report");
  return (
    <EmptyState
      title="There is no such report"
      action={
        <Anchor component={Link} to="/studies" size="sm">
          All studies
        </Anchor>
      }
    >
      It does not exist, or its study's results are not open to you.
    </EmptyState>
  );
}
