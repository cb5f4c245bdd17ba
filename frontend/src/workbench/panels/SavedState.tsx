/** Where the work is, always visible, in a few words. */
import { Button, Group, Text, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconCloudCheck, IconCloudOff, IconCloudUp } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { type Cell, useCell } from "../cell";
import type { Unkept } from "../drafts/journal";
import type { Saver, SaveStatus } from "../drafts/saver";

/** Return seconds since a time as people say it. */
export function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  return `${Math.round(seconds / 3600)} h ago`;
}

/** Return the words for a status. What the browser does not keep is not said to be kept here. */
export function statusText(status: SaveStatus, now: number, unkept: Unkept | null = null): string {
  const words = wordsFor(status, now);
  if (unkept === null) return words;
  return status.kind === "kept" ? "Sending soon" : words.replace(", kept here", "");
}

const WHY_UNKEPT: Readonly<Record<Unkept["why"], string>> = {
  full: "the disk is full",
  refused: "the browser keeps nothing",
  cleared: "its data were cleared",
};

const WHAT_TO_DO: Readonly<Record<Unkept["why"], string>> = {
  full: "Writing here is tried again by itself. Make room on the disk.",
  refused: "Private windows and blocked site data can be the cause. Once all is saved, load the page again.",
  cleared: "Once all is saved, load the page again to have it kept here, too.",
};

/** Return why nothing is kept in this browser, and what to do about it. */
export function unkeptText(unkept: Unkept, { isSaved }: { isSaved: boolean }): string {
  const why = WHY_UNKEPT[unkept.why];
  return isSaved ? `Not kept on this computer: ${why}` : `Not kept: ${why}. Do not close this window`;
}

function wordsFor(status: SaveStatus, now: number): string {
  switch (status.kind) {
    case "saved":
      return status.at === null ? "No changes yet" : `Saved ${ago(now - status.at)}`;
    case "kept":
      return "Kept here, sending soon";
    case "saving":
      return "Sending";
    case "offline":
      return "Offline, kept here";
    case "signed out":
      return "Signed out, kept here";
    case "conflict":
      return "Another version was saved";
    case "elsewhere":
      return "Open in another window";
    case "ended":
      return "Not taken any more, kept here";
    case "failed":
      return "Not sent, kept here";
  }
}

/** Show the status, and what a person can do about it. */
export function SavedState({
  saver,
  unkept,
  onSignIn,
  onConflict,
  onTakeBack,
}: {
  saver: Saver;
  unkept: Cell<Unkept | null>;
  onSignIn: () => void;
  onConflict: () => void;
  onTakeBack: () => void;
}) {
  const status = useCell(saver.status);
  const now = useNow();
  const lost = useCell(unkept);
  const text = statusText(status, now, lost);
  const exact = status.kind === "saved" && status.at !== null ? new Date(status.at).toLocaleString() : null;
  return (
    <Group gap={6} wrap="nowrap" role="status" aria-live="polite">
      <StatusIcon status={status} />
      <Tooltip label={status.kind === "failed" ? status.detail : (exact ?? text)} openDelay={400}>
        <Text size="xs" c={isTrouble(status) ? "yellow.5" : "dimmed"} style={{ whiteSpace: "nowrap" }}>
          {text}
        </Text>
      </Tooltip>
      {lost && <NotKept unkept={lost} isSaved={status.kind === "saved"} />}
      {status.kind === "signed out" && (
        <Button size="compact-xs" variant="light" onClick={onSignIn}>
          Sign in
        </Button>
      )}
      {status.kind === "conflict" && (
        <Button size="compact-xs" variant="light" onClick={onConflict}>
          Choose
        </Button>
      )}
      {status.kind === "elsewhere" && (
        <Button size="compact-xs" variant="light" onClick={onTakeBack}>
          Go on here
        </Button>
      )}
      {(status.kind === "offline" || status.kind === "failed") && (
        <Button size="compact-xs" variant="subtle" onClick={() => void saver.resume()}>
          Try now
        </Button>
      )}
    </Group>
  );
}

function NotKept({ unkept, isSaved }: { unkept: Unkept; isSaved: boolean }) {
  const text = unkeptText(unkept, { isSaved });
  return (
    <Tooltip
      multiline
      w={320}
      label={`${text}. Work goes to the server within seconds. ${WHAT_TO_DO[unkept.why]} (${unkept.detail})`}
    >
      <Text role="alert" size="xs" fw={600} c={isSaved ? "yellow.5" : "red.4"} truncate>
        {text}
      </Text>
    </Tooltip>
  );
}

function StatusIcon({ status }: { status: SaveStatus }) {
  const props = { size: 16, "aria-hidden": true } as const;
  if (status.kind === "saved") return <IconCloudCheck {...props} color="var(--mantine-color-accent-5)" />;
  if (status.kind === "kept" || status.kind === "saving") return <IconCloudUp {...props} opacity={0.7} />;
  if (status.kind === "offline") return <IconCloudOff {...props} color="var(--mantine-color-yellow-5)" />;
  return <IconAlertTriangle {...props} color="var(--mantine-color-yellow-5)" />;
}

function isTrouble({ kind }: SaveStatus): boolean {
  return kind !== "saved" && kind !== "kept" && kind !== "saving";
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
