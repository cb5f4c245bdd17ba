/** What a draft still needs before it can start. */
import { Anchor, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconCheck, IconCircleDashed } from "@tabler/icons-react";
import { Link } from "react-router";
import type { Board, StudyDetail } from "@/api/studies";
import { formatCount } from "@/ui/format";
import { Panel } from "@/ui/Panel";

/** List the steps with those that are done. */
export function FirstSteps({ study, board }: { study: StudyDetail; board: Board }) {
  const raters = board.raters.filter(({ ended }) => !ended).length;
  const steps = [
    {
      tab: "cases",
      text: "Add cases",
      done: board.cases.length > 0,
      note: formatCount(board.cases.length, "case"),
    },
    { tab: "raters", text: "Add raters", done: raters > 0, note: formatCount(raters, "rater") },
    {
      tab: "settings",
      text: "Write the protocol",
      done: Boolean(study.protocol),
      note: study.protocol ? "written" : "empty",
    },
    {
      tab: "settings",
      text: "Start the study",
      done: false,
      note: "Readings are handed out, and the design is locked",
    },
  ];
  return (
    <Panel title="Before it starts">
      <Stack gap="sm" maw={560}>
        {steps.map(({ tab, text, done, note }) => (
          <Group key={text} gap="sm" wrap="nowrap">
            <ThemeIcon variant="light" color={done ? "teal" : "gray"} size="md">
              {done ? (
                <IconCheck size={16} aria-label="done" />
              ) : (
                <IconCircleDashed size={16} aria-label="to do" />
              )}
            </ThemeIcon>
            <Anchor component={Link} to={`/studies/${study.id}/${tab}`} size="sm" fw={550}>
              {text}
            </Anchor>
            <Text size="sm" c="dimmed">
              {note}
            </Text>
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}
