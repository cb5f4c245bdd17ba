/** What waits for the lead: problems that raters reported, returned readings, work that failed. */
import { ActionIcon, Anchor, Group, Skeleton, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconCircleCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { type MyStudy, type ProblemReport, useProblems, useSettleProblem } from "@/api/home";
import { type Job, useJobs } from "@/api/jobs";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { Panel } from "@/ui/Panel";
import { TimeAgo } from "@/ui/TimeAgo";
import classes from "./home.module.css";

const MOST_JOBS = 5;

/** Show what needs the lead, the most urgent first. */
export function NeedsMe({ led }: { led: readonly MyStudy[] }) {
  const problems = useProblems();
  const jobs = useJobs("failed", 1, MOST_JOBS);
  const ids = new Set(led.map(({ id }) => id));
  const open = (problems.data ?? []).filter(({ study, settled_at }) => ids.has(study) && !settled_at);
  const returned = led.filter((study) => study.returned > 0);
  const failed = jobs.data?.results ?? [];
  const quiet = open.length + returned.length + failed.length === 0;
  const error = problems.error ?? jobs.error;
  return (
    <Panel title="What needs me" flush>
      {(problems.isPending || jobs.isPending) && !error && <Skeleton height={96} m="sm" w="auto" />}
      {error && <ErrorState title="This could not be read" error={error} />}
      {open.map((report) => (
        <Reported key={report.id} report={report} />
      ))}
      {returned.map((study) => (
        <Line key={study.id} title={`${study.returned} returned, not yet read again`} below={study.name}>
          <Anchor component={Link} to={`/studies/${study.id}`} size="xs">
            Open
          </Anchor>
        </Line>
      ))}
      {failed.map((job) => (
        <FailedJob key={job.id} job={job} />
      ))}
      {quiet && problems.isSuccess && jobs.isSuccess && (
        <EmptyState icon={<IconCircleCheck size={28} stroke={1.3} />} title="Nothing needs you">
          No problem was reported, nothing was returned and no work failed.
        </EmptyState>
      )}
    </Panel>
  );
}

function Reported({ report }: { report: ProblemReport }) {
  const settle = useSettleProblem();
  return (
    <Line
      title={report.text}
      below={
        <>
          {report.rater} · <TimeAgo time={report.created_at} />
        </>
      }
    >
      <Anchor component={Link} to={`/cases/${report.case}`} size="xs">
        Case
      </Anchor>
      <Tooltip label="Dealt with">
        <ActionIcon
          size="sm"
          variant="subtle"
          aria-label="Mark as dealt with"
          loading={settle.isPending}
          onClick={() => settle.mutate(report.id)}
        >
          <IconCheck size={14} />
        </ActionIcon>
      </Tooltip>
    </Line>
  );
}

function FailedJob({ job }: { job: Job }) {
  return (
    <Line
      title={job.error || "Background work failed."}
      below={
        <>
          {job.kind} · <TimeAgo time={job.finished_at} />
        </>
      }
    >
      <Anchor component={Link} to={`/jobs?status=failed&job=${job.id}`} size="xs">
        Look
      </Anchor>
    </Line>
  );
}

function Line({ title, below, children }: { title: string; below: ReactNode; children: ReactNode }) {
  return (
    <Group className={classes.row ?? ""} wrap="nowrap" justify="space-between" align="flex-start">
      <div className={classes.grow}>
        <Text size="sm" lineClamp={3}>
          {title}
        </Text>
        <Text size="xs" c="dimmed" component="div">
          {below}
        </Text>
      </div>
      <Group gap={4} wrap="nowrap">
        {children}
      </Group>
    </Group>
  );
}
