/** Ask before the window goes away, or goes to another page, while it holds the only copy of some work. */
import { Button, Group, Modal, Text } from "@mantine/core";
import { useCallback, useEffect, useRef } from "react";
import { useBlocker } from "react-router";

/** The browser asks in its own words where the window is closed or loaded again; within the application we ask. */
export function LeavingQuestion({ isOnlyHere }: { isOnlyHere: () => boolean }) {
  const latest = useRef(isOnlyHere);
  latest.current = isOnlyHere;
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (latest.current()) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);
  const blocker = useBlocker(useCallback(() => latest.current(), []));
  const stay = () => blocker.reset?.();
  return (
    <Modal
      opened={blocker.state === "blocked"}
      onClose={stay}
      title="Some of your work is only in this window"
    >
      <Text size="sm">
        Neither this browser nor the server has all of it yet. Stay until it says “Saved”; whoever leaves now
        loses it.
      </Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" color="red" onClick={() => blocker.proceed?.()}>
          Leave and lose it
        </Button>
        <Button data-autofocus onClick={stay}>
          Stay
        </Button>
      </Group>
    </Modal>
  );
}
