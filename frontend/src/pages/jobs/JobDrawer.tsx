/** One job with its error in plain words, and for administrators what helps to find out why. */
import { Code, Drawer, Group, Skeleton, Stack, Text } from "@mantine/core";
import { isForAdministrator, useJob } from "@/api/jobs";
import { ErrorState } from "@/ui/ErrorState";
import { formatDuration } from "@/ui/format";
import { ProgressLine } from "@/ui/JobProgress";
import { StateBadge } from "@/ui/StateBadge";
import { TimeAgo } from "@/ui/TimeAgo";
import { wordsOfKind } from "./kinds";

/** Show a job beside the list; null closes. */
export function JobDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  return (
    <Drawer opened={id !== null} onClose={onClose} position="right" size="lg" title="Job">
      {id && <Details id={id} />}
    </Drawer>
  );
}

function Details({ id }: { id: string }) {
  const { data: job, error, refetch } = useJob(id);
  if (error)
    return <ErrorState title="This job could not be read" error={error} onRetry={() => void refetch()} />;
  if (!job) return <Skeleton height={160} />;
  const { status = "", percent = 0, step = "", error: failure = "" } = job;
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Text fw={550}>{wordsOfKind(job.kind)}</Text>
        <StateBadge state={status} />
      </Group>
      <ProgressLine job={{ status, percent, step, error: failure, seconds_left: job.seconds_left }} />
      <Text size="sm" c="dimmed">
        Asked for <TimeAgo time={job.created_at} /> · attempt {job.attempt ?? 0}
        {job.seconds !== null && ` · ${formatDuration(job.seconds)}`}
      </Text>
      {isForAdministrator(job) && (
        <>
          <Text size="sm">
            Queue {job.queue || "–"} · worker {job.worker || "–"} · sent {job.sends ?? 0} ×
          </Text>
          <Text size="xs" c="dimmed">
            Parameters
          </Text>
          <Code block>{JSON.stringify(job.params ?? {}, null, 2)}</Code>
          {job.detail && (
            <>
              <Text size="xs" c="dimmed">
                For the administrator
              </Text>
              <Code block>{job.detail}</Code>
            </>
          )}
        </>
      )}
    </Stack>
  );
}
