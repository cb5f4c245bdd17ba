/** Whether the platform can do its work, and what its workers are doing. */
import { Anchor, Badge, Group, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { Link } from "react-router";
import { useHealth } from "@/api/admin";
import { type JobStatus, useJobs } from "@/api/jobs";
import { ErrorState } from "@/ui/ErrorState";
import { Panel } from "@/ui/Panel";

/** Show the checks of the server and the counts of jobs. */
export function HealthPanel() {
  const health = useHealth();
  if (health.error) {
    return (
      <ErrorState
        title="The server does not answer"
        error={health.error}
        onRetry={() => void health.refetch()}
      />
    );
  }
  if (!health.data) return <Skeleton height={160} radius="md" />;
  const { status, version, checks } = health.data;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Panel title="Server">
        <Stack gap="xs">
          <Group gap="xs">
            <Badge color={status === "ok" ? "teal" : "red"} variant="light" tt="none">
              {status === "ok" ? "works" : "failing"}
            </Badge>
            <Text size="sm" c="dimmed">
              version {version}
            </Text>
          </Group>
          {Object.entries(checks).map(([name, good]) => (
            <Group key={name} gap="xs">
              {good ? (
                <IconCircleCheck size={18} color="var(--mantine-color-teal-6)" aria-label="works" />
              ) : (
                <IconCircleX size={18} color="var(--mantine-color-red-6)" aria-label="fails" />
              )}
              <Text size="sm" tt="capitalize">
                {name}
              </Text>
            </Group>
          ))}
        </Stack>
      </Panel>
      <Panel title="Work">
        <Stack gap={6}>
          <Count status="running" words="running" />
          <Count status="queued" words="waiting for a worker" />
          <Count status="failed" words="failed" />
        </Stack>
      </Panel>
    </SimpleGrid>
  );
}

function Count({ status, words }: { status: JobStatus; words: string }) {
  const jobs = useJobs(status, 1, 1);
  return (
    <Anchor component={Link} to={`/jobs?status=${status}`} size="sm">
      {jobs.data?.count ?? "…"} {words}
    </Anchor>
  );
}
