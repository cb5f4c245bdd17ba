/** The one large button of a rater's home: the next case. */
import { Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useEffect } from "react";
import { Link } from "react-router";
import { assignmentApi } from "@/api/assignment";
import { type QueueLine, useNextAssignment } from "@/api/home";
import { ErrorState } from "@/ui/ErrorState";
import { StateBadge } from "@/ui/StateBadge";
import { Thumbnail } from "@/ui/Thumbnail";
import { preloadViewer } from "@/viewer";
import { prefetchCase } from "@/workbench/prefetch";
import classes from "./home.module.css";

/** Offer the next case, or say that none waits. `waiting` counts cases whose pre-segmentation is being made. */
export function NextCase({ waiting }: { waiting: number }) {
  const next = useNextAssignment();
  if (next.isPending) return <Skeleton height={168} radius="md" />;
  if (next.error) {
    return (
      <ErrorState
        title="Your next case could not be read"
        error={next.error}
        onRetry={() => void next.refetch()}
      />
    );
  }
  return next.data ? <Offer line={next.data} /> : <Nothing waiting={waiting} />;
}

function Offer({ line }: { line: QueueLine }) {
  usePreloaded(line.id);
  const begun = line.state === "open" || line.saved_at !== null;
  return (
    <div className={classes.next}>
      <Thumbnail src={line.thumbnail} alt="The next case" size={136} />
      <Stack gap={4} className={classes.grow ?? ""}>
        <Group gap="xs">
          <Text size="sm" c="dimmed">
            {begun ? "Go on with" : "Next"}
          </Text>
          {line.state === "returned" && <StateBadge state="returned" />}
        </Group>
        <Title order={2} size="h4">
          Case {line.position} of {line.total}
        </Title>
        <Text size="sm" truncate>
          {line.study.name}
        </Text>
        {line.returned_reason && line.state === "returned" && (
          <Text size="sm" c="orange">
            Returned: {line.returned_reason}
          </Text>
        )}
        <Group mt={8}>
          <Button
            component={Link}
            to={`/assignments/${line.id}`}
            size="md"
            leftSection={<IconPlayerPlayFilled size={16} />}
          >
            Continue
          </Button>
        </Group>
      </Stack>
    </div>
  );
}

const SETTLED_MS = 500;

/** Fetch the workbench and the case while the page is read: most people come here to click on it. */
function usePreloaded(id: string): void {
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      import("@/workbench/Workbench").catch(() => undefined);
      preloadViewer();
      void prefetchCase(assignmentApi, id, abort.signal);
    }, SETTLED_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [id]);
}

function Nothing({ waiting }: { waiting: number }) {
  return (
    <div className={classes.next}>
      <IconCircleCheck size={48} stroke={1.2} aria-hidden />
      <Stack gap={4} className={classes.grow ?? ""}>
        <Title order={2} size="h4">
          Nothing waits for you
        </Title>
        <Text size="sm">
          {waiting > 0
            ? `${waiting} more will come when their pre-segmentation has been made. You need not keep this page open.`
            : "You have done every case that was given to you. Thank you."}
        </Text>
      </Stack>
    </div>
  );
}
