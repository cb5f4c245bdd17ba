/** A study as its raters see it: how far they are, where to go on, and the protocol. Nothing of anybody else. */
import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { Link } from "react-router";
import { type Study, useNextReading } from "@/api/studies";
import { formatCount } from "@/ui/format";
import { Panel } from "@/ui/Panel";
import { Thumbnail } from "@/ui/Thumbnail";
import { Protocol } from "./Protocol";

/** Show one's own progress, a way on, and the protocol. */
export function RaterStudy({ study }: { study: Study }) {
  return (
    <Stack maw={900}>
      {study.roles.includes("rater") && <OwnProgress study={study} />}
      <Protocol study={study} />
    </Stack>
  );
}

function OwnProgress({ study }: { study: Study }) {
  const { data: next, isPending } = useNextReading(study.id);
  const { own_total: total, own_submitted: done, own_returned: back } = study;
  return (
    <Panel title="Your readings">
      <Group justify="space-between" wrap="nowrap" mih={64}>
        <Group wrap="nowrap" flex={1}>
          {next && <Thumbnail src={next.thumbnail} alt="The next case" size={64} />}
          <Stack gap={6} flex={1} maw={420}>
            <Text size="sm" fw={550}>
              {done} of {formatCount(total, "case")} handed in
              {back > 0 && ` · ${back} came back to you`}
            </Text>
            <Progress value={total === 0 ? 0 : (100 * done) / total} aria-label="Cases handed in" />
            {next?.returned_reason && (
              <Text size="sm" c="orange">
                Came back: {next.returned_reason}
              </Text>
            )}
          </Stack>
        </Group>
        {next && (
          <Button
            component={Link}
            to={`/assignments/${next.id}`}
            size="md"
            leftSection={<IconPlayerPlay size={18} />}
          >
            Continue with case {next.position}
          </Button>
        )}
        {!next && !isPending && (
          <Text size="sm" c="dimmed">
            {waits(study)}
          </Text>
        )}
      </Group>
    </Panel>
  );
}

function waits(study: Study): string {
  if (study.state === "closed") return "This study is closed.";
  if (study.own_total > 0 && study.own_submitted === study.own_total) return "You have handed in all cases.";
  return "No case is ready for you at the moment.";
}
