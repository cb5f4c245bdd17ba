/** How far a job is: bar, step and forecast; asks the server until it ends. */
import { Group, Progress, Stack, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { jobIsOver, useJob } from "@/api/jobs";
import { formatDuration } from "./format";
import { wordsOf } from "./words";

/** What a bar shows of a job. */
export interface Progressing {
  readonly status: string;
  readonly percent: number;
  readonly step: string;
  readonly error: string;
  readonly seconds_left?: number | null;
}

const COLOURS: Readonly<Record<string, string>> = { failed: "red", cancelled: "gray", succeeded: "teal" };

/** Show a job's progress as it was last told. */
export function ProgressLine({ job }: { job: Progressing }) {
  const failed = job.status === "failed";
  const left = job.seconds_left ? ` · about ${formatDuration(job.seconds_left)} left` : "";
  const said = failed
    ? job.error || "This failed."
    : job.status === "queued"
      ? "Waiting for a worker"
      : `${job.step || job.status}${left}`;
  return (
    <Stack gap={4} w="100%">
      <Progress
        value={job.status === "succeeded" || failed ? 100 : job.percent}
        color={COLOURS[job.status] ?? "accent"}
        animated={job.status === "running"}
        aria-label="Progress"
      />
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="xs" c={failed ? "red" : "dimmed"} role={failed ? "alert" : "status"}>
          {said}
        </Text>
        <Text size="xs" c="dimmed">
          {job.percent} %
        </Text>
      </Group>
    </Stack>
  );
}

/** Follow a job by its id; `onOver` is called once when it ends. */
export function JobProgress({ id, onOver }: { id: string; onOver?: (status: string) => void }) {
  const { data, error } = useJob(id);
  const told = useRef("");
  useEffect(() => {
    if (!data || !jobIsOver(data.status ?? "") || told.current === id) return;
    told.current = id;
    onOver?.(data.status ?? "");
  }, [data, id, onOver]);
  if (error) {
    return (
      <Text size="xs" c="red">
        {wordsOf(error)}
      </Text>
    );
  }
  const unknown = { status: "queued", percent: 0, step: "", error: "" };
  return <ProgressLine job={{ ...unknown, ...data }} />;
}
