/** How well the raters agree so far: the newest report's figures, and a new one at a press. */
import { Anchor, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconChartHistogram } from "@tabler/icons-react";
import { Link } from "react-router";
import { isUnderWay, type ReportDetail, useMakeReport, useReport, useReports } from "@/api/reports";
import { leads, type Study } from "@/api/studies";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { Figure } from "@/ui/Figure";
import { ProgressLine } from "@/ui/JobProgress";
import { Panel } from "@/ui/Panel";
import { TimeAgo } from "@/ui/TimeAgo";
import { Blind } from "../Blind";

/** Show agreement, unless the person still reads for the blinded study. */
export function Agreement({ study }: { study: Study }) {
  return study.sees_results ? <Newest study={study} /> : <Blind />;
}

function Newest({ study }: { study: Study }) {
  const { data: reports, error, refetch } = useReports(study.id);
  const finished = reports?.find(({ finished_at: time }) => time);
  const report = useReport(finished?.id);
  const making = reports?.find(isUnderWay);
  const make = useMakeReport(study.id);
  const failed = error ?? report.error;
  if (failed)
    return (
      <ErrorState title="The agreement could not be read" error={failed} onRetry={() => void refetch()} />
    );
  if (!reports || (finished && !report.data))
    return <Skeleton height={420} aria-label="Loading the agreement" />;
  const compute = leads(study) && (
    <Button
      size="xs"
      variant={finished ? "light" : "filled"}
      loading={make.isPending || making !== undefined}
      onClick={() => make.mutate({ title: "", parameters: {} })}
    >
      Compute now
    </Button>
  );
  return (
    <Stack>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {report.data && <Source report={report.data} />}
        </Text>
        {report.data && compute}
      </Group>
      {making?.job && <ProgressLine job={making.job} />}
      {make.error && <ErrorState title="The report was not started" error={make.error} />}
      {report.data ? (
        <Figures report={report.data} />
      ) : (
        <Panel title="Agreement">
          <EmptyState
            icon={<IconChartHistogram size={32} />}
            title="No agreement was computed yet"
            action={compute}
          >
            A worker compares what is handed in now: every pair of raters, and each rater with the consensus
            of the others. Two raters must have handed in readings.
          </EmptyState>
        </Panel>
      )}
    </Stack>
  );
}

function Source({ report }: { report: ReportDetail }) {
  return (
    <>
      From{" "}
      <Anchor component={Link} to={`/reports/${report.id}`} size="sm">
        {report.title}
      </Anchor>
      , <TimeAgo time={report.finished_at} />, of {report.inputs.cases.length} cases and{" "}
      {report.inputs.raters.length} raters
    </>
  );
}

function Figures({ report }: { report: ReportDetail }) {
  const { pairs, agreement } = report.figures;
  return (
    <Group align="stretch" gap="md">
      {pairs && (
        <Panel title="Pairs of raters">
          <Figure
            specification={pairs}
            label="Mean Dice of every pair of raters, over the cases that both read."
          />
        </Panel>
      )}
      {agreement && (
        <Panel title="Each rater and the others">
          <Figure
            specification={agreement}
            label="Jaccard of every reading against the consensus of the other people, by rater."
          />
        </Panel>
      )}
    </Group>
  );
}
