/** One pane: a viewer's canvas with one sequence, the overlay on it, and the pointer. */
import { Button, Loader, NativeSelect, Stack, Text } from "@mantine/core";
import { useCallback, useEffect, useRef, useState } from "react";
import type { OpenViewer } from "@/viewer";
import type { Bench } from "../bench";
import { useCell, useField } from "../cell";
import { useGuides, useLent, useOverlay, useSequence, useShown, useViewer } from "./drawing";
import classes from "./Pane.module.css";
import { PointerControl } from "./pointer";

interface PaneProps {
  readonly bench: Bench;
  readonly openViewer: OpenViewer;
  /** Its number, from 0. */
  readonly pane: number;
  /** True when other sequences stand beside it. */
  readonly isOneOfMany: boolean;
}

export function Pane(props: PaneProps) {
  const [attempt, setAttempt] = useState(0);
  const again = useCallback(() => setAttempt((n) => n + 1), []);
  return <Canvas key={attempt} {...props} onLost={again} />;
}

function Canvas({ bench, openViewer, pane, isOneOfMany, onLost }: PaneProps & { onLost: () => void }) {
  const holder = useRef<HTMLDivElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const below = useRef<HTMLCanvasElement>(null);
  const sequence = useField(bench.view, "sequences")[pane] ?? "";
  const inUse = useField(bench.view, "pane");
  const { viewer, error } = useViewer(holder, { openViewer, onLost });
  useLent(bench, pane, viewer);
  useSequence(bench, sequence, viewer);
  useShown(bench, viewer);
  useGuides(bench, viewer, below);
  useOverlay(bench, viewer, overlay);

  useEffect(() => {
    if (!viewer || !overlay.current) return;
    const control = new PointerControl(overlay.current, { bench, viewer, pane });
    return () => control.close();
  }, [bench, viewer, pane]);

  return (
    <div className={classes.pane} data-in-use={(isOneOfMany && inUse === pane) || undefined}>
      <div ref={holder} className={classes.picture} />
      <canvas ref={below} className={classes.guides} />
      <canvas
        ref={overlay}
        className={classes.overlay}
        tabIndex={0}
        aria-label={isOneOfMany ? `Slices of ${sequence}` : "Slices of the case"}
        role="img"
      />
      {isOneOfMany && (
        <NativeSelect
          className={classes.choice ?? ""}
          size="xs"
          aria-label={`Sequence of pane ${pane + 1}`}
          data={bench.work.assignment.series.map((series) => series.sequence)}
          value={sequence}
          onChange={(event) => bench.showIn(pane, event.currentTarget.value)}
        />
      )}
      <Message bench={bench} sequence={sequence} error={error} onRetry={onLost} />
    </div>
  );
}

function Message({
  bench,
  sequence,
  error,
  onRetry,
}: {
  bench: Bench;
  sequence: string;
  error: string | null;
  onRetry: () => void;
}) {
  const loaded = useCell(bench.work.images.sequences).find((each) => each.info.sequence === sequence);
  const text = error ?? (loaded?.error ? `${sequence}: ${loaded.error}` : null);
  if (text) {
    return (
      <Stack className={classes.message ?? ""} align="center" role="alert">
        <Text maw={420}>{text}</Text>
        <Button variant="default" size="xs" onClick={onRetry}>
          Try again
        </Button>
      </Stack>
    );
  }
  if (loaded?.picture) return null;
  return (
    <Stack className={classes.message ?? ""} align="center" gap="xs" role="status">
      <Loader size="sm" />
      <Text size="sm">Loading {sequence}</Text>
    </Stack>
  );
}
