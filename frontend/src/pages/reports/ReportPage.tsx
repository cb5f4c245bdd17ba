/** A report: methods, figures, tables, and everything to download. */
import { Anchor, Group, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { Link, useParams } from "react-router";
import { ApiError } from "@/api/client";
import { isUnderWay, type ReportDetail, type ReportResults, useReport } from "@/api/reports";
import { useTitle } from "@/app/title";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { Figure } from "@/ui/Figure";
import { ProgressLine } from "@/ui/JobProgress";
import { PageHeader } from "@/ui/PageHeader";
import { Panel } from "@/ui/Panel";
import { SyntheticBadge } from "@/ui/SyntheticBadge";
import { TimeAgo } from "@/ui/TimeAgo";
import { Downloads } from "./Downloads";
import { namesIn } from "./names";
import { AgreementTable } from "./tables/AgreementTable";
import { MissingTable } from "./tables/MissingTable";
import { RangeTable } from "./tables/RangeTable";
import { ScoreTable } from "./tables/ScoreTable";
import { VolumeTable } from "./tables/VolumeTable";

const CAPTIONS: Readonly<Record<string, readonly [string, string]>> = {
  agreement: [
    "Each reading and the others",
    "Jaccard of every reading against the consensus of the other people.",
  ],
  pairs: ["Pairs of raters", "Mean Dice of every pair of raters, over the cases that both read."],
  volumes: ["Volumes", "Volume of every reading, by case; the line spans the raters."],
};

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
        actions={<Downloads report={report} />}
      />
      {report.results ? <Results report={report} results={report.results} /> : <UnderWay report={report} />}
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

function Results({ report, results }: { report: ReportDetail; results: ReportResults }) {
  const names = namesIn(report.inputs);
  return (
    <Stack>
      <Panel title="Methods">
        <Text size="sm" maw={900}>
          {results.methods}
        </Text>
        <Text size="xs" c="dimmed" mt="xs" style={{ overflowWrap: "anywhere" }}>
          SHA-256 of the frozen inputs: {report.inputs_sha256}
        </Text>
      </Panel>
      <AgreementTable rows={results.summary} names={names} />
      <Group align="stretch" gap="md">
        {Object.entries(report.figures).map(([name, specification]) => (
          <Panel key={name} title={CAPTIONS[name]?.[0] ?? name}>
            <Figure specification={specification} label={CAPTIONS[name]?.[1] ?? name} />
          </Panel>
        ))}
      </Group>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <VolumeTable rows={results.volumes} names={names} />
        <ScoreTable rows={results.scores} names={names} />
        <RangeTable rows={results.expert_range} names={names} />
        <MissingTable rows={results.missing} names={names} />
      </SimpleGrid>
    </Stack>
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
