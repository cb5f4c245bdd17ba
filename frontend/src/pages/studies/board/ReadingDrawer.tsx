/** One reading: its state, time and score, and giving it back to its rater. */
import { Alert, Anchor, Button, Drawer, Group, Stack, Table, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { Link } from "react-router";
import { useProblems, useSettleProblem } from "@/api/home";
import { type Board, type BoardCell, type StudyDetail, useReturnReading } from "@/api/studies";
import { formatDuration } from "@/ui/format";
import { StateBadge } from "@/ui/StateBadge";
import { TimeAgo } from "@/ui/TimeAgo";
import { wordsOf } from "@/ui/words";
import { HandedIn } from "./HandedIn";

/** Show the chosen reading beside the board; nothing while none is chosen. */
export function ReadingDrawer({
  study,
  board,
  cell,
  onClose,
}: {
  study: StudyDetail;
  board: Board;
  cell: BoardCell | null;
  onClose: () => void;
}) {
  const rater = board.raters.find(({ id }) => id === cell?.rater);
  const read = board.cases.find(({ id }) => id === cell?.case);
  return (
    <Drawer
      opened={cell !== null}
      onClose={onClose}
      position="right"
      size={420}
      title={`${read?.patient ?? ""} · ${read?.time_point ?? ""}`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {cell && (
        <Stack>
          <Table verticalSpacing={6}>
            <Table.Tbody>
              <Fact name="Rater">{rater?.name}</Fact>
              <Fact name="State">
                <StateBadge state={cell.state} />
              </Fact>
              <Fact name="Active time">
                {cell.active_seconds > 0 ? formatDuration(cell.active_seconds) : "–"}
              </Fact>
              <Fact name="Handed in">
                <TimeAgo time={cell.submitted_at} />
              </Fact>
              <Fact name="Score">
                {cell.score ??
                  (cell.not_assessed ? "Cannot be assessed" : null) ??
                  (board.sees_results ? "–" : "Hidden until your own readings are in")}
              </Fact>
              {cell.occasion > 1 && <Fact name="Occasion">{cell.occasion}</Fact>}
            </Table.Tbody>
          </Table>
          {cell.returned_reason && (
            <Alert color="orange" variant="light" title="Came back to the rater because">
              {cell.returned_reason}
            </Alert>
          )}
          <Problems study={study} cell={cell} />
          {board.sees_results && cell.state === "submitted" && <HandedIn study={study} cell={cell} />}
          {board.sees_results && (
            <Anchor component={Link} to={`/cases/${cell.case}`} size="sm">
              Open the case with its segmentations
            </Anchor>
          )}
          {cell.state === "submitted" && study.state === "running" && (
            <ReturnForm key={cell.assignment} study={study} cell={cell} rater={rater?.name ?? "the rater"} />
          )}
        </Stack>
      )}
    </Drawer>
  );
}

/** What the rater reported and nobody has settled. */
function Problems({ study, cell }: { study: StudyDetail; cell: BoardCell }) {
  const open = (useProblems().data ?? []).filter(
    (one) => one.study === study.id && one.assignment === cell.assignment && !one.settled_at,
  );
  const settle = useSettleProblem();
  return open.map((one) => (
    <Alert key={one.id} color="yellow" variant="light" title="The rater reports a problem">
      <Text size="sm" mb="xs" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {one.text}
      </Text>
      <Button
        size="compact-xs"
        variant="default"
        loading={settle.isPending}
        onClick={() => settle.mutate(one.id)}
      >
        Settled
      </Button>
    </Alert>
  ));
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th w={110} c="dimmed" fw={400}>
        {name}
      </Table.Th>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  );
}

function ReturnForm({ study, cell, rater }: { study: StudyDetail; cell: BoardCell; rater: string }) {
  const [reason, setReason] = useState("");
  const giveBack = useReturnReading(study.id);
  const send = (event: FormEvent) => {
    event.preventDefault();
    giveBack.mutate(
      { assignment: cell.assignment, reason },
      { onSuccess: () => notifications.show({ message: `The reading went back to ${rater}.` }) },
    );
  };
  return (
    <form onSubmit={send}>
      <Stack gap="xs">
        <Textarea
          label="Return to rater"
          description={`${rater} sees the reason and can correct the reading. The version that was handed in is kept.`}
          placeholder="What should be looked at again?"
          autosize
          minRows={3}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {giveBack.error && (
          <Text size="sm" c="red" role="alert">
            {wordsOf(giveBack.error)}
          </Text>
        )}
        <Group justify="flex-end">
          <Button
            type="submit"
            size="xs"
            color="orange"
            loading={giveBack.isPending}
            disabled={!reason.trim()}
          >
            Return to rater
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
