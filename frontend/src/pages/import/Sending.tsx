/** The sending of files: one bar over all, speed, pause, and going on with the same files after a reload. */
import { Alert, Button, Group, List, Progress, Stack, Text } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconWifiOff } from "@tabler/icons-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { announceFile, type Delivery, sendPiece } from "@/api/imports";
import { formatBytes, formatCount, formatDuration } from "@/ui/format";
import { Panel } from "@/ui/Panel";
import { takeFiles } from "./chosen";
import { DropZone } from "./DropZone";
import { type ChosenFile, Uploader, type UploadProgress } from "./uploader";

/** Send the chosen files, or ask for them again; `onComplete` is called when everything has arrived. */
export function Sending({
  delivery,
  starting,
  onChange,
  onComplete,
}: {
  delivery: Delivery;
  starting: boolean;
  onChange: () => void;
  onComplete: () => void;
}) {
  const [progress, setProgress] = useState<UploadProgress | null>(null);
  const uploader = useRef<Uploader | null>(null);
  const send = useCallback(
    (files: readonly ChosenFile[]) => {
      const server = {
        announce: (path: string, size: number) => announceFile(delivery.id, path, size),
        send: sendPiece,
      };
      const run = new Uploader(server, files, {
        pieceBytes: delivery.piece_bytes,
        onProgress: setProgress,
      });
      uploader.current = run;
      void run.run();
    },
    [delivery.id, delivery.piece_bytes],
  );
  useEffect(() => {
    const files = takeFiles(delivery.id);
    if (files.length > 0) send(files);
  }, [delivery.id, send]);
  useLeaveWarning(progress?.phase === "sending" || progress?.phase === "offline");

  const phase = progress?.phase;
  const complete = phase === "done" && progress?.refused.length === 0;
  const done = useRef(onComplete);
  done.current = onComplete;
  const changed = useRef(onChange);
  changed.current = onChange;
  useEffect(() => {
    if (complete) done.current();
    else if (phase === "done" || phase === "failed" || phase === "paused") changed.current();
  }, [complete, phase]);

  const busy = phase === "sending" || phase === "offline" || phase === "paused";
  return (
    <Stack gap="md" maw={960}>
      {progress && (
        <Bar
          progress={progress}
          onPause={() => uploader.current?.pause()}
          onResume={() => void uploader.current?.run()}
        />
      )}
      {!busy && (
        <Rest delivery={delivery} onFiles={send} onParse={onComplete} starting={starting || complete} />
      )}
    </Stack>
  );
}

function Bar({
  progress,
  onPause,
  onResume,
}: {
  progress: UploadProgress;
  onPause: () => void;
  onResume: () => void;
}) {
  const { phase, bytes, bytesSent, bytesPerSecond, files, filesSent, current, refused } = progress;
  const part = bytes === 0 ? 100 : (100 * bytesSent) / bytes;
  const left = bytesPerSecond ? ` · about ${formatDuration((bytes - bytesSent) / bytesPerSecond)} left` : "";
  return (
    <Panel
      title={phase === "done" ? "Everything has arrived" : "Sending"}
      actions={
        phase === "paused" ? (
          <Button size="compact-sm" leftSection={<IconPlayerPlay size={14} />} onClick={onResume}>
            Go on
          </Button>
        ) : (
          (phase === "sending" || phase === "offline") && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconPlayerPause size={14} />}
              onClick={onPause}
            >
              Pause
            </Button>
          )
        )
      }
    >
      <Stack gap={6}>
        <Progress value={part} animated={phase === "sending"} size="lg" aria-label="Sent" />
        <Group justify="space-between">
          <Text size="sm">
            {formatBytes(bytesSent)} of {formatBytes(bytes)} · {filesSent} of {formatCount(files, "file")}
          </Text>
          <Text size="sm" c="dimmed">
            {bytesPerSecond ? `${formatBytes(Math.round(bytesPerSecond))}/s${left}` : ""}
          </Text>
        </Group>
        {current && (
          <Text size="xs" c="dimmed" truncate>
            {current}
          </Text>
        )}
        {phase === "offline" && (
          <Alert color="yellow" variant="light" icon={<IconWifiOff size={18} />} p="xs">
            The server cannot be reached. The sending goes on by itself when the connection is back.
          </Alert>
        )}
        {refused.length > 0 && (
          <Alert color="red" variant="light" title="The server did not take these files" p="xs">
            <List size="sm">
              {refused.slice(0, 10).map(({ path, reason }) => (
                <List.Item key={path}>
                  {path}: {reason}
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
      </Stack>
    </Panel>
  );
}

function Rest({
  delivery,
  starting,
  onFiles,
  onParse,
}: {
  delivery: Delivery;
  starting: boolean;
  onFiles: (files: readonly ChosenFile[]) => void;
  onParse: () => void;
}) {
  const open = delivery.uploads.filter(({ received, size }) => (received ?? 0) < size);
  const whole = delivery.uploads.length - open.length;
  return (
    <>
      {open.length > 0 && (
        <Alert
          color="yellow"
          variant="light"
          title={`${formatCount(open.length, "file")} did not arrive whole`}
        >
          <Text size="sm">
            Choose the same files or the same folder again: what has arrived is not sent twice, and each file
            goes on where it stopped.
          </Text>
          <List size="sm" mt={4}>
            {open.slice(0, 6).map(({ id, path, received, size }) => (
              <List.Item key={id}>
                {path}: {formatBytes(received ?? 0)} of {formatBytes(size)}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {!starting && (
        <DropZone
          title={open.length > 0 ? "Drop the same files here to go on" : "Drop files or folders here"}
          onFiles={onFiles}
        />
      )}
      {whole > 0 && (
        <Group>
          <Button disabled={open.length > 0} loading={starting} onClick={onParse}>
            Read {formatCount(whole, "file")}
          </Button>
          {open.length > 0 && (
            <Text size="sm" c="dimmed">
              First the rest must arrive.
            </Text>
          )}
        </Group>
      )}
    </>
  );
}

/** Ask before the window closes while files are on their way. */
function useLeaveWarning(active: boolean): void {
  useEffect(() => {
    if (!active) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [active]);
}
