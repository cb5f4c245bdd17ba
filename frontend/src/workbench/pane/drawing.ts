/** What keeps a pane in step with the bench: its viewer, sequence, labels, look, and the overlay. */
import { type RefObject, useEffect, useMemo, useState } from "react";
import { LayerPainter, type OpenViewer, type Viewer } from "@/viewer";
import { layoutOf } from "../arrangement";
import type { Bench } from "../bench";
import { useCell, useField, useFields } from "../cell";
import { otherLayers } from "../otherLayers";
import { drawOverlay } from "./overlay";
import { drawPins } from "./pins";
import { takeViewer } from "./spare";

/** Make a viewer on a canvas of its own: a canvas whose graphics context is gone cannot be used again. */
export function useViewer(
  holder: RefObject<HTMLDivElement | null>,
  { openViewer, onLost }: { openViewer: OpenViewer; onLost: () => void },
): { viewer: Viewer | null; error: string | null } {
  const [viewer, setViewer] = useState<Viewer | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    const opening = takeViewer(openViewer);
    holder.current?.append(opening.frame);
    let gone = false;
    opening.viewer.then(
      (opened) => {
        if (gone) return;
        opened.onLost(onLost);
        setViewer(opened);
      },
      (reason: unknown) => setError(reason instanceof Error ? reason.message : String(reason)),
    );
    return () => {
      gone = true;
      opening.release();
      setViewer(null);
    };
  }, [holder, openViewer, onLost]);
  return { viewer, error };
}

/** Lend the viewer to the bench under the number of its pane. */
export function useLent(bench: Bench, pane: number, viewer: Viewer | null): void {
  useEffect(() => {
    bench.lend(pane, viewer);
    return () => bench.lend(pane, null);
  }, [bench, pane, viewer]);
}

/** Load the sequences and show this pane's as soon as it is there. */
export function useSequence(bench: Bench, sequence: string, viewer: Viewer | null): void {
  const sequences = useCell(bench.work.images.sequences);
  const picture = sequences.find((each) => each.info.sequence === sequence)?.picture ?? null;
  useEffect(() => {
    if (viewer) void bench.work.images.load(viewer, bench.view.get().sequences);
  }, [bench, viewer]);
  useEffect(() => {
    if (!viewer || !picture) return;
    viewer.show(picture, bench.view.get().windows[sequence] ?? [0, 1]);
    viewer.setPosition(bench.view.get().position);
  }, [bench, viewer, picture, sequence]);
}

/** Keep the viewer in step with settings, position, active layer and every change of the labels. */
export function useShown(bench: Bench, viewer: Viewer | null): void {
  const { editor } = bench.work;
  const { arrangement, plane, surface, convention, fill, outline } = useFields(
    bench.settings,
    "arrangement",
    "plane",
    "surface",
    "convention",
    "fill",
    "outline",
  );
  const camera = useCell(bench.camera);
  const position = useField(bench.view, "position");
  const maskShown = useField(bench.view, "maskShown");
  const active = useField(editor.state, "active");
  const hidden = useField(editor.state, "hidden");
  const layout = layoutOf({ arrangement, plane, surface });
  useEffect(() => viewer?.setLayout(layout), [viewer, layout]);
  useEffect(() => viewer?.setCamera(camera), [viewer, camera]);
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

function useShownLabels(bench: Bench): Uint8Array | null {
  const { layerIndex } = useField(bench.work.editor.state, "active");
  return useShownLayers(bench)?.[layerIndex] ?? null;
}

/** The layers on screen: those being edited, of an older version, or while scoring of the mask as it was given. */
export function useShownLayers(bench: Bench): readonly Uint8Array[] | null {
  const scoring = useCell(bench.scoring);
  const looking = useCell(bench.looking);
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
  if (scoring) return given;
  return looking?.layers ?? bench.work.editor.store.layers;
}

/**
 * Draw the other layers' labels and what the study shows beside the mask, on a canvas below the overlay: not anew with
 * every move of the pointer.
 */
export function useGuides(
  bench: Bench,
  viewer: Viewer | null,
  canvas: RefObject<HTMLCanvasElement | null>,
): void {
  const { guides, editor } = bench.work;
  const maskShown = useField(bench.view, "maskShown");
  const shown = useShownLayers(bench);
  const painter = useMemo(() => new LayerPainter(editor.grid), [editor]);
  useEffect(() => {
    const element = canvas.current;
    const ctx = element?.getContext("2d");
    if (!viewer || !element || !ctx) return;
    let frame = 0;
    const draw = () => {
      frame = 0;
      if (guides.isEmpty && editor.scheme.layers.length === 1) return;
      const others = shown && maskShown ? otherLayers(editor, shown) : [];
      fitToScreen(element, ctx);
      painter.draw(ctx, {
        tiles: viewer.tiles(),
        position: bench.view.get().position,
        layers: [...guides.layers(bench.settings.get(), editor), ...others],
      });
    };
    const soon = () => {
      frame ||= requestAnimationFrame(draw);
    };
    const stops = [
      viewer.onDrawn(soon),
      guides.loaded.subscribe(soon),
      bench.settings.subscribe(soon),
      editor.state.subscribe(soon),
    ];
    soon();
    return () => {
      cancelAnimationFrame(frame);
      for (const stop of stops) stop();
    };
  }, [bench, viewer, canvas, guides, editor, painter, shown, maskShown]);
}

/** Draw the overlay once a frame when anything on it changed. */
export function useOverlay(
  bench: Bench,
  viewer: Viewer | null,
  overlay: RefObject<HTMLCanvasElement | null>,
): void {
  useEffect(() => {
    const canvas = overlay.current;
    const ctx = canvas?.getContext("2d");
    if (!viewer || !canvas || !ctx) return;
    let frame = 0;
    const draw = () => {
      frame = 0;
      fitToScreen(canvas, ctx);
      const scene = sceneOf(bench, viewer);
      drawOverlay(ctx, scene);
      drawPins(ctx, { ...scene, pins: bench.work.comments.get().map(({ voxel }) => voxel) });
    };
    const soon = () => {
      frame ||= requestAnimationFrame(draw);
    };
    const stops = [
      viewer.onDrawn(soon),
      bench.view.subscribe(soon),
      bench.settings.subscribe(soon),
      bench.outline.subscribe(soon),
      bench.scribbles.subscribe(soon),
      bench.scoring.subscribe(soon),
      bench.looking.subscribe(soon),
      bench.work.comments.subscribe(soon),
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
  const line = bench.elsewhere ? null : bench.outline.get();
  const paints = !bench.scoring.get() && (tool === "brush" || tool === "eraser" || tool === "threshold");
  return {
    grid: bench.work.editor.grid,
    tiles: viewer.tiles(),
    position,
    pointer,
    brushMm: paints ? radiusMm : null,
    sphere: shape === "sphere",
    colour: tool === "eraser" || (paints && pointer?.erases) ? "#ffffff" : active.color,
    outline: line?.points ?? [],
    outlinePlane: line?.plane ?? null,
    outlineWaits: bench.polygon !== null,
    scribbles: tool === "scribble" ? bench.scribbles.get() : [],
  };
}

function fitToScreen(canvas: HTMLCanvasElement, ctx: CanvasRenderingContext2D): void {
  const dpr = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(canvas.clientWidth * dpr), Math.round(canvas.clientHeight * dpr)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
}
