/** The state of an assignment, a study or a job in one word, with a colour that means the same everywhere. */
import { Badge } from "@mantine/core";

const LOOK: Readonly<Record<string, readonly [string, string]>> = {
  waiting: ["Waiting", "gray"],
  ready: ["Ready", "accent"],
  open: ["Begun", "blue"],
  submitted: ["Submitted", "teal"],
  returned: ["Returned", "orange"],
  draft: ["Draft", "gray"],
  closed: ["Closed", "gray"],
  queued: ["Waiting", "gray"],
  running: ["Running", "blue"],
  succeeded: ["Done", "teal"],
  failed: ["Failed", "red"],
  cancelled: ["Cancelled", "gray"],
};

/** Show a state of the server; one that is not known is shown as it is. */
export function StateBadge({ state }: { state: string }) {
  const [words, colour] = LOOK[state] ?? [state, "gray"];
  return (
    <Badge size="sm" variant="light" color={colour} tt="none" fw={550} miw="max-content">
      {words}
    </Badge>
  );
}
