/** The picture: the viewer's canvas, the overlay on it, and the pointer. */
import { Button, Loader, Stack, Text } from "@mantine/core";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { OpenViewer, Viewer } from "@/viewer";
import type { Bench } from "../bench";
import { useCell } from "../cell";
import { drawOverlay } from "./overlay";
import classes from "./Pane.module.css";
import { PointerControl } from "./pointer";

/** Show the bench's case. `controlRef` lets the keyboard close and cancel gestures. */
export function Pane({
  bench,
  openViewer,
  controlRef,
}: {
  bench: Bench;
  openViewer: OpenViewer;
  controlRef: RefObject<PointerControl | null>;
}) {
  const [attempt, setAttempt] = useState(0);
  const again = useCallback(() => setAttempt((n) => n + 1), []);
  return (
    <Canvas key={attempt} bench={bench} openViewer={openViewer} controlRef={controlRef} onLost={again} />
  );
}

function Canvas({
  bench,
  openViewer,
  controlRef,
  onLost,
}: {
  bench: Bench;
  openViewer: OpenViewer;
  controlRef: RefObject<PointerControl | null>;
  onLost: () => void;
}) {
  const holder = useRef<HTMLDivElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const { viewer, error } = useViewer(holder, { openViewer, onLost });
  useLent(bench, viewer);
  useLoading(bench, viewer);
  useShown(bench, viewer);
  useOverlay(bench, viewer, overlay);

  useEffect(() => {
    if (!viewer || !overlay.current) return;
    const control = new PointerControl(overlay.current, bench);
    controlRef.current = control;
    return () => {
      controlRef.current = null;
      control.close();
    };
  }, [bench, viewer, controlRef]);

  return (
    <div className={classes.pane}>
      <div ref={holder} className={classes.picture} />
      <canvas
        ref={overlay}
        className={classes.overlay}
        tabIndex={0}
        aria-label="Slices of the case"
        role="img"
      />
      <Message bench={bench} error={error} onRetry={onLost} />
    </div>
  );
}

function Message({ bench, error, onRetry }: { bench: Bench; error: string | null; onRetry: () => void }) {
  const { sequence } = useCell(bench.view);
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

/** Make a viewer on a canvas of its own: a canvas whose graphics context is gone cannot be used again. */
function useViewer(
  holder: RefObject<HTMLDivElement | null>,
  { openViewer, onLost }: { openViewer: OpenViewer; onLost: () => void },
): { viewer: Viewer | null; error: string | null } {
  const [viewer, setViewer] = useState<Viewer | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    const canvas = document.createElement("canvas");
    holder.current?.append(canvas);
    let made: Viewer | null = null;
    let gone = false;
    openViewer(canvas).then(
      (opened) => {
        made = opened;
        if (gone) opened.close();
        else {
          opened.onLost(onLost);
          setViewer(opened);
        }
      },
      (reason: unknown) => setError(reason instanceof Error ? reason.message : String(reason)),
    );
    return () => {
      gone = true;
      made?.close();
      canvas.remove();
      setViewer(null);
    };
  }, [holder, openViewer, onLost]);
  return { viewer, error };
}

function useLent(bench: Bench, viewer: Viewer | null): void {
  useEffect(() => {
    bench.lend(viewer);
    return () => bench.lend(null);
  }, [bench, viewer]);
}

/** Load the sequences and show the chosen one as soon as it is there. */
function useLoading(bench: Bench, viewer: Viewer | null): void {
  const { sequence } = useCell(bench.view);
  const sequences = useCell(bench.work.images.sequences);
  const picture = sequences.find((each) => each.info.sequence === sequence)?.picture ?? null;
  useEffect(() => {
    if (viewer) void bench.work.images.load(viewer, bench.view.get().sequence, () => undefined);
  }, [bench, viewer]);
  useEffect(() => {
    if (!viewer || !picture) return;
    viewer.show(picture, bench.view.get().windows[sequence] ?? [0, 1]);
    viewer.setPosition(bench.view.get().position);
  }, [bench, viewer, picture, sequence]);
}

/** Keep the viewer in step with settings, position, active layer and every change of the labels. */
function useShown(bench: Bench, viewer: Viewer | null): void {
  const { editor } = bench.work;
  const { layout, convention, fill, outline } = useCell(bench.settings);
  const { position, maskShown } = useCell(bench.view);
  const { active, hidden } = useCell(editor.state);
  useEffect(() => viewer?.setLayout(layout), [viewer, layout]);
  useEffect(() => viewer?.setConvention(convention), [viewer, convention]);
  useEffect(() => viewer?.setPosition(position), [viewer, position]);
  const labels = useShownLabels(bench);
  useEffect(() => {
    if (labels) viewer?.setLabels(labels);
  }, [viewer, labels]);
  useEffect(() => {
    const labels = editor.labels.filter((label) => label.layerIndex === active.layerIndex);
    viewer?.setStyle({
      fill: maskShown ? fill : 0,
      outline: maskShown ? outline : 0,
      colours: new Map(labels.map((label) => [label.value, label.color])),
      hidden: new Set(
        labels.filter((label) => !maskShown || hidden.has(label.key)).map((label) => label.value),
      ),
    });
  }, [viewer, editor, active.layerIndex, hidden, fill, outline, maskShown]);
  useEffect(() => {
    if (!viewer) return;
    return editor.store.subscribe(({ layer, box }) => {
      if (layer === editor.state.get().active.layerIndex) viewer.redraw(box);
    });
  }, [viewer, editor]);
}

/** The labels on screen: those being edited, or while scoring the mask as it was given. */
function useShownLabels(bench: Bench): Uint8Array | null {
  const scoring = useCell(bench.scoring);
  const { active } = useCell(bench.work.editor.state);
  const [given, setGiven] = useState<readonly Uint8Array[] | null>(null);
  useEffect(() => {
    if (!scoring) return;
    let gone = false;
    bench.work.given().then(
      (layers) => {
        if (!gone) setGiven(layers);
      },
      () => bench.hint.set("The mask as it was given could not be read. Try again."),
    );
    return () => {
      gone = true;
    };
  }, [bench, scoring]);
  if (scoring) return given?.[active.layerIndex] ?? null;
  return bench.work.editor.store.layer(active.layerIndex);
}

/** Draw the overlay once a frame when anything on it changed. */
function useOverlay(bench: Bench, viewer: Viewer | null, overlay: RefObject<HTMLCanvasElement | null>): void {
  useEffect(() => {
    const canvas = overlay.current;
    const ctx = canvas?.getContext("2d");
    if (!viewer || !canvas || !ctx) return;
    let frame = 0;
    const draw = () => {
      frame = 0;
      fitToScreen(canvas, ctx);
      drawOverlay(ctx, sceneOf(bench, viewer));
    };
    const soon = () => {
      frame ||= requestAnimationFrame(draw);
    };
    const stops = [
      viewer.onDrawn(soon),
      bench.view.subscribe(soon),
      bench.settings.subscribe(soon),
      bench.outline.subscribe(soon),
      bench.scoring.subscribe(soon),
      bench.work.editor.state.subscribe(soon),
    ];
    soon();
    return () => {
      cancelAnimationFrame(frame);
      for (const stop of stops) stop();
    };
  }, [bench, viewer, overlay]);
}

function sceneOf(bench: Bench, viewer: Viewer) {
  const { position, pointer } = bench.view.get();
  const { tool, radiusMm, shape } = bench.settings.get();
  const { active } = bench.work.editor.state.get();
  const line = bench.outline.get();
  const paints = !bench.scoring.get() && (tool === "brush" || tool === "eraser" || tool === "threshold");
  return {
    grid: bench.work.editor.grid,
    tiles: viewer.tiles(),
    position,
    pointer,
    brushMm: paints ? radiusMm : null,
    sphere: shape === "sphere",
    colour: tool === "eraser" ? "#ffffff" : active.color,
    outline: line?.points ?? [],
    outlinePlane: line?.plane ?? null,
  };
}

function fitToScreen(canvas: HTMLCanvasElement, ctx: CanvasRenderingContext2D): void {
  const dpr = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(canvas.clientWidth * dpr), Math.round(canvas.clientHeight * dpr)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
}
