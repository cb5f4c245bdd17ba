/** In place of a score: that the mask cannot be assessed, and why. */
import { Button, Group, Text, Textarea } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { Scoring } from "../scoring";

const LONGEST_REASON = 500;

/** Offer to say so; a reason is needed before it counts. */
export function Refusal({ scoring }: { scoring: Scoring }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const buttons = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open) buttons.current?.scrollIntoView({ block: "end" });
  }, [open]);
  if (!open) {
    return (
      <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setOpen(true)}>
        Cannot be assessed
      </Button>
    );
  }
  return (
    <>
      <Textarea
        autoFocus
        rows={3}
        size="xs"
        label="Why can this mask not be assessed?"
        description="This takes the place of the score. Do not write names or other details of the patient."
        maxLength={LONGEST_REASON}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group ref={buttons} gap={4} justify="flex-end">
        <Button size="compact-xs" variant="default" onClick={() => setOpen(false)}>
          Answer the questions
        </Button>
        <Button size="compact-xs" disabled={text.trim() === ""} onClick={() => scoring.refuse(text.trim())}>
          Cannot be assessed
        </Button>
      </Group>
    </>
  );
}

/** Show the reason that was given, and the way back. */
export function NotAssessed({ reason, scoring }: { reason: string; scoring: Scoring }) {
  return (
    <>
      <Text size="xs" c="dimmed">
        You said that this mask cannot be assessed:
      </Text>
      <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {reason}
      </Text>
      <Button size="xs" leftSection={<IconCheck size={15} />} onClick={() => scoring.leave()}>
        Back to editing
      </Button>
      <Button size="compact-xs" variant="subtle" color="gray" onClick={() => scoring.refuse(null)}>
        Answer the questions instead
      </Button>
    </>
  );
}
