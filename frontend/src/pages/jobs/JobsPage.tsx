/** Background work: what runs, waits and failed; one's own, or everybody's for site administrators. */
import { ActionIcon, Anchor, Group, SegmentedControl, Text, Tooltip } from "@mantine/core";
import { IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { useSearchParams } from "react-router";
import { type Job, type JobStatus, jobIsOver, useJobAction, useJobs } from "@/api/jobs";
import { useSession } from "@/app/session";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { formatDuration } from "@/ui/format";
import { ProgressLine } from "@/ui/JobProgress";
import { PageHeader } from "@/ui/PageHeader";
import { Panel } from "@/ui/Panel";
import { StateBadge } from "@/ui/StateBadge";
import { TimeAgo } from "@/ui/TimeAgo";
import { JobDrawer } from "./JobDrawer";
import { wordsOfKind } from "./kinds";

const PAGE_SIZE = 50;
const STATES: readonly { value: JobStatus | ""; label: string }[] = [
  { value: "", label: "All" },
  { value: "running", label: "Running" },
  { value: "queued", label: "Waiting" },
  { value: "failed", label: "Failed" },
  { value: "succeeded", label: "Done" },
  { value: "cancelled", label: "Cancelled" },
];

/** Show the jobs; the state chosen and the job looked at are in the address. */
export function Page() {
  const { person } = useSession();
  const [params, setParams] = useSearchParams();
  const status = STATES.find(({ value }) => value === params.get("status"))?.value ?? "";
  const page = Math.max(1, Number.parseInt(params.get("page") ?? "1", 10) || 1);
  const jobs = useJobs(status, page, PAGE_SIZE);
  const set = (name: string, value: string) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (name === "status") after.delete("page");
      if (value === "") after.delete(name);
      else after.set(name, value);
      return after;
    });
  return (
    <>
      <PageHeader
        title="Jobs"
        summary={
          person?.is_administrator ? "All background work of this site" : "The work that you asked for"
        }
        actions={
          <SegmentedControl
            size="xs"
            aria-label="Which jobs"
            data={[...STATES]}
            value={status}
            onChange={(value) => set("status", value)}
          />
        }
      />
      {jobs.error && !jobs.data ? (
        <ErrorState
          title="The jobs could not be read"
          error={jobs.error}
          onRetry={() => void jobs.refetch()}
        />
      ) : (
        <Panel title="Newest first" flush>
          <DataTable
            rows={jobs.data?.results}
            columns={columns((id) => set("job", id))}
            rowKey={({ id }) => id}
            name="jobs"
            server={{ count: jobs.data?.count ?? 0, pageSize: PAGE_SIZE }}
            empty={
              <EmptyState title="No jobs">
                Imports, pre-segmentations, reports and exports run as jobs. They appear here while they run
                and afterwards.
              </EmptyState>
            }
          />
        </Panel>
      )}
      <JobDrawer id={params.get("job")} onClose={() => set("job", "")} />
    </>
  );
}

function columns(look: (id: string) => void): readonly Column<Job>[] {
  const fixed = { sortable: false };
  return [
    {
      ...fixed,
      key: "kind",
      title: "Work",
      value: ({ kind }) => kind,
      cell: ({ id, kind }) => (
        <Anchor component="button" size="sm" onClick={() => look(id)}>
          {wordsOfKind(kind)}
        </Anchor>
      ),
    },
    {
      ...fixed,
      key: "status",
      title: "State",
      width: 100,
      value: ({ status }) => status,
      cell: ({ status }) => <StateBadge state={status ?? ""} />,
    },
    {
      ...fixed,
      key: "step",
      title: "Progress",
      width: 320,
      value: saidOf,
      cell: (job) => <Progress job={job} />,
    },
    {
      ...fixed,
      key: "created_at",
      title: "Asked for",
      value: (job) => job.created_at,
      cell: (job) => <TimeAgo time={job.created_at} />,
    },
    {
      ...fixed,
      key: "seconds",
      title: "Took",
      numeric: true,
      value: ({ seconds }) => seconds,
      cell: ({ seconds }) => (seconds === null ? "–" : formatDuration(seconds)),
    },
    { key: "actions", title: "", width: 64, cell: (job) => <Actions job={job} /> },
  ];
}

function saidOf(job: Job): string {
  return job.error || job.step || "";
}

function Progress({ job }: { job: Job }) {
  const { status = "", percent = 0, step = "", error = "" } = job;
  if (status === "running" || status === "queued") {
    return <ProgressLine job={{ status, percent, step, error, seconds_left: job.seconds_left }} />;
  }
  return (
    <Text size="xs" c={status === "failed" ? "red" : "dimmed"} lineClamp={2}>
      {saidOf(job) || "–"}
    </Text>
  );
}

/** What can be done with a job in its state. */
export function Actions({ job }: { job: Pick<Job, "id" | "status"> }) {
  const act = useJobAction();
  const over = jobIsOver(job.status ?? "");
  if (job.status === "succeeded") return null;
  const verb = over ? "retry" : "cancel";
  const label = act.error ? act.error.message : over ? "Try again" : "Cancel";
  return (
    <Group gap={2} justify="flex-end">
      <Tooltip label={label}>
        <ActionIcon
          size="sm"
          variant="subtle"
          color={act.error ? "red" : "gray"}
          aria-label={label}
          loading={act.isPending}
          onClick={() => act.mutate({ id: job.id, verb })}
        >
          {over ? <IconRefresh size={15} /> : <IconPlayerStop size={15} />}
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
