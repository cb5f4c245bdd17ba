/** The time at work on this case, and a pause that covers the images. */
import { ActionIcon, Button, Group, Modal, Text, Tooltip } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useCell } from "../cell";
import { type Clock, clockText } from "../clock";
import { keyOf } from "../keys";

export function Timer({ clock }: { clock: Clock }) {
  const paused = useCell(clock.paused);
  return (
    <Group gap={4} wrap="nowrap">
      <Tooltip label="Time at work on this case; breaks are not counted">
        <Text size="sm" ff="monospace" c="dimmed" role="timer">
          <Seconds clock={clock} />
        </Text>
      </Tooltip>
      <Tooltip label={`Pause (${keyOf("pause")})`} openDelay={300}>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label="Pause"
          onClick={() => clock.paused.set(true)}
        >
          <IconPlayerPause size={15} />
        </ActionIcon>
      </Tooltip>
      <Modal
        opened={paused}
        onClose={() => clock.resume(Date.now())}
        title="Paused"
        centered
        overlayProps={{ backgroundOpacity: 0.96 }}
      >
        <Text size="sm" mb="md">
          The clock stands at <Seconds clock={clock} />. Your work is kept.
        </Text>
        <Group justify="flex-end">
          <Button data-autofocus onClick={() => clock.resume(Date.now())}>
            Go on
          </Button>
        </Group>
      </Modal>
    </Group>
  );
}

/** The only part that is drawn every second. */
function Seconds({ clock }: { clock: Clock }) {
  const [seconds, setSeconds] = useState(clock.activeSeconds);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(clock.activeSeconds), 1000);
    return () => clearInterval(timer);
  }, [clock]);
  return clockText(seconds);
}
