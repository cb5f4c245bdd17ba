/** The mask's surface in 3-D, beside the slices: turned by a drag or arrows, zoomed by the wheel or keys; a double click or Home shows the whole head or the mask alone. */
import { Loader, Text } from "@mantine/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { type Grid, type Vec3, voxelToMm } from "@/labels";
import {
  type OpenSurfaceView,
  type Orbit,
  openSurfaceView as openRealView,
  type PaneSize,
  project,
  type SurfaceView,
} from "@/viewer";
import type { Bench } from "../bench";
import { useCell, useField } from "../cell";
import type { LabelSurface } from "../derived";
import classes from "./Pane.module.css";
import { useTurning } from "./turning";

interface SurfacePaneProps {
  readonly bench: Bench;
  /** Over the free corner of the three planes, instead of in a column of its own. */
  readonly isCorner: boolean;
  readonly openSurfaceView?: OpenSurfaceView;
}

export function SurfacePane(props: SurfacePaneProps) {
  const [attempt, setAttempt] = useState(0);
  const again = useCallback(() => setAttempt((n) => n + 1), []);
  return <Canvas key={attempt} {...props} onLost={again} />;
}

function Canvas({
  bench,
  isCorner,
  openSurfaceView = openRealView,
  onLost,
}: SurfacePaneProps & { onLost: () => void }) {
  const holder = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<SurfaceView | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const { grid } = bench.work.editor;
  const turned = useCell(bench.orbit);
  const size = useSize(holder);
  const { value, isWorking, error } = useCell(bench.derived.surfaces.state);
  const hidden = useField(bench.work.editor.state, "hidden");
  const shown = shownOf(value ?? [], hidden);
  const orbit = turned ?? wholeOf(grid);
  useEffect(() => bench.derived.surfaces.watch(), [bench]);
  // Go near once, when the first surface is there; from then on the view is the person's own.
  useEffect(() => {
    if (!bench.orbit.get() && value?.some(({ surface }) => surface.triangles.length > 0))
      bench.orbit.set(nearOf(grid, value));
  }, [bench, grid, value]);
  useEffect(() => {
    const canvas = document.createElement("canvas");
    holder.current?.prepend(canvas);
    try {
      const opened = openSurfaceView(canvas);
      opened.onLost(onLost);
      setView(opened);
      return () => {
        opened.close();
        canvas.remove();
        setView(null);
      };
    } catch (reason) {
      canvas.remove();
      setFailure(reason instanceof Error ? reason.message : String(reason));
      return undefined;
    }
  }, [openSurfaceView, onLost]);
  useEffect(
    () =>
      view?.setSurfaces(
        shownOf(value ?? [], hidden).map(({ label, surface }) => ({ surface, colour: label.color })),
      ),
    [view, value, hidden],
  );
  useEffect(() => view?.setOrbit(turned ?? wholeOf(grid)), [view, turned, grid]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new size is drawn at once
  useEffect(() => view?.redraw(), [view, size]);
  const turning = useTurning(
    orbit,
    (next) => bench.orbit.set(next),
    () => bench.orbit.set(isWhole(orbit, grid) ? nearOf(grid, shown) : wholeOf(grid)),
  );
  const message =
    failure ??
    error ??
    (value && shown.length === 0 ? "No mask to show: nothing is drawn, or all labels are hidden." : null);

  return (
    <div
      ref={holder}
      className={isCorner ? `${classes.surface} ${classes.corner}` : classes.surface}
      role="application"
      aria-label="Surface of the mask: arrows turn it, plus and minus zoom, Home shows all or the mask alone"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application has keys of its own
      tabIndex={0}
      {...turning}
    >
      <span className={classes.surfaceName}>surface</span>
      {isWorking && (
        <Loader className={classes.surfaceLoader ?? ""} size={14} aria-label="Making the surface" />
      )}
      {message ? (
        <Text className={classes.message ?? ""} size="sm" maw={300} ta="center" role="status">
          {message}
        </Text>
      ) : (
        <Surroundings grid={grid} orbit={orbit} size={size} />
      )}
    </div>
  );
}

/** Visible labels, the smallest surface first: it is most likely the innermost. */
function shownOf(surfaces: readonly LabelSurface[], hidden: ReadonlySet<string>): LabelSurface[] {
  return surfaces
    .filter(({ label, surface }) => !hidden.has(label.key) && surface.triangles.length > 0)
    .sort((a, b) => a.surface.triangles.length - b.surface.triangles.length);
}

/** The box of the image with the patient's sides, so that one knows where in the head one is. */
function Surroundings({ grid, orbit, size }: { grid: Grid; orbit: Orbit; size: PaneSize }) {
  const at = (x: number, y: number, z: number) => {
    const corner = [x, y, z].map((part, axis) => part * (grid.shape[axis] ?? 1) - 0.5) as [
      number,
      number,
      number,
    ];
    return project(orbit, voxelToMm(grid, corner), size);
  };
  const lines = EDGES.map(([from, to]) => [...at(...from), ...at(...to)] as const);
  return (
    <svg className={classes.surroundings} aria-hidden="true">
      {lines.map(([x1, y1, x2, y2]) => (
        <line key={`${x1} ${y1} ${x2} ${y2}`} x1={x1} y1={y1} x2={x2} y2={y2} />
      ))}
      {SIDES.map(({ letter, face }) => {
        const [x, y] = at(...face);
        return (
          <text key={letter} x={x} y={y}>
            {letter}
          </text>
        );
      })}
    </svg>
  );
}

type Corner = readonly [number, number, number];

/** The twelve edges of a box of side 1. */
const EDGES: readonly (readonly [Corner, Corner])[] = [0, 1].flatMap((u) =>
  [0, 1].flatMap((v): (readonly [Corner, Corner])[] => [
    [
      [0, u, v],
      [1, u, v],
    ],
    [
      [u, 0, v],
      [u, 1, v],
    ],
    [
      [u, v, 0],
      [u, v, 1],
    ],
  ]),
);

/** Canonical grids run from left to right, from back to front and from below upwards. */
const SIDES: readonly { letter: string; face: Corner }[] = [
  { letter: "L", face: [-0.04, 0.5, 0.5] },
  { letter: "R", face: [1.04, 0.5, 0.5] },
  { letter: "P", face: [0.5, -0.04, 0.5] },
  { letter: "A", face: [0.5, 1.04, 0.5] },
  { letter: "I", face: [0.5, 0.5, -0.04] },
  { letter: "S", face: [0.5, 0.5, 1.04] },
];

/** Look at the whole image from the front, a little from above and from one side. */
function wholeOf(grid: Grid): Orbit {
  const { shape, spacing } = grid;
  const middle: Vec3 = [(shape[0] - 1) / 2, (shape[1] - 1) / 2, (shape[2] - 1) / 2];
  const longest = Math.max(...shape.map((n, axis) => n * (spacing[axis] ?? 1)));
  return { centre: voxelToMm(grid, middle), turn: -0.5, tilt: 0.3, halfMm: longest * 0.62 };
}

/** Look at the surfaces from the same side, as near as they fit. Without any, at the whole image. */
function nearOf(grid: Grid, surfaces: readonly LabelSurface[]): Orbit {
  const whole = wholeOf(grid);
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const { surface } of surfaces) {
    surface.positions.forEach((mm, n) => {
      low[n % 3] = Math.min(low[n % 3] as number, mm);
      high[n % 3] = Math.max(high[n % 3] as number, mm);
    });
  }
  const sides = high.map((mm, axis) => mm - (low[axis] as number));
  if (!sides.every(Number.isFinite)) return whole;
  const [x = 0, y = 0, z = 0] = high.map((mm, axis) => (mm + (low[axis] as number)) / 2);
  return { ...whole, centre: [x, y, z], halfMm: Math.max(10, Math.hypot(...sides) * 0.6) };
}

function isWhole({ halfMm }: Orbit, grid: Grid): boolean {
  return halfMm === wholeOf(grid).halfMm;
}

function useSize(holder: { readonly current: HTMLElement | null }): PaneSize {
  const [size, setSize] = useState({ width: 1, height: 1 });
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth || 1, height: element.clientHeight || 1 }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [holder]);
  return size;
}
