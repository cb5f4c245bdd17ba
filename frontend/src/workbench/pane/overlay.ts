/** What is drawn over the picture: cross, brush, lasso, letters of orientation, slice numbers. Cheap, on its own canvas. */
import type { Grid, Vec3 } from "@/labels";
import type { Scribble } from "@/tools";
import { NORMAL, type Plane, type Tile } from "@/viewer";

/** All that the overlay shows. */
export interface OverlayScene {
  readonly grid: Grid;
  readonly tiles: readonly Tile[];
  readonly position: Vec3;
  readonly pointer: { readonly plane: Plane; readonly position: Vec3 } | null;
  /** Radius in mm of the brush under the pointer, or null for another tool. */
  readonly brushMm: number | null;
  readonly sphere: boolean;
  readonly colour: string;
  readonly outline: readonly Vec3[];
  readonly outlinePlane: Plane | null;
  /** True for a polygon that waits: its next edge follows the pointer; a click on its ringed first corner closes it. */
  readonly outlineWaits: boolean;
  /** The marks of grow-cut. */
  readonly scribbles: readonly Scribble[];
}

const LETTERS: Readonly<Record<number, readonly [string, string]>> = {
  0: ["L", "R"],
  1: ["P", "A"],
  2: ["I", "S"],
};
const CROSS = "rgba(125, 211, 232, 0.55)";
const TEXT = "rgba(213, 219, 225, 0.85)";
const CROSS_GAP = 9;
const RING_PIXELS = 5;

/** Draw the overlay anew. The context is in CSS pixels. */
export function drawOverlay(ctx: CanvasRenderingContext2D, scene: OverlayScene): void {
  ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  for (const tile of scene.tiles) {
    ctx.save();
    const { left, top, width, height } = tile.rect;
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    drawCross(ctx, tile, scene.position);
    drawLetters(ctx, tile, scene);
    drawScribbles(ctx, tile, scene);
    drawBrush(ctx, tile, scene);
    drawOutline(ctx, tile, scene);
    ctx.restore();
  }
}

function drawCross(ctx: CanvasRenderingContext2D, tile: Tile, position: Vec3): void {
  const [x, y] = tile.toScreen(position).map((value) => Math.round(value) + 0.5) as [number, number];
  const { left, top, width, height } = tile.rect;
  ctx.strokeStyle = CROSS;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const [from, to] of [
    [left, x - CROSS_GAP],
    [x + CROSS_GAP, left + width],
  ] as const) {
    ctx.moveTo(from, y);
    ctx.lineTo(to, y);
  }
  for (const [from, to] of [
    [top, y - CROSS_GAP],
    [y + CROSS_GAP, top + height],
  ] as const) {
    ctx.moveTo(x, from);
    ctx.lineTo(x, to);
  }
  ctx.stroke();
}

/** Return the letters at the left, right, top and bottom edge, read off the tile's own map. */
export function edgeLetters(tile: Tile): { left: string; right: string; top: string; bottom: string } {
  const { left, top, width, height } = tile.rect;
  const middle = tile.toVoxel(left + width / 2, top + height / 2);
  const toRight = direction(middle, tile.toVoxel(left + width, top + height / 2));
  const toBottom = direction(middle, tile.toVoxel(left + width / 2, top + height));
  return { left: toRight.from, right: toRight.to, top: toBottom.from, bottom: toBottom.to };
}

function direction(from: Vec3, to: Vec3): { from: string; to: string } {
  const steps = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const axis = steps.reduce((best, step, n) => (Math.abs(step) > Math.abs(steps[best] ?? 0) ? n : best), 0);
  const [low, high] = LETTERS[axis] ?? ["", ""];
  return (steps[axis] ?? 0) > 0 ? { from: low, to: high } : { from: high, to: low };
}

function drawLetters(ctx: CanvasRenderingContext2D, tile: Tile, { grid, position }: OverlayScene): void {
  const { left, top, width, height } = tile.rect;
  const letters = edgeLetters(tile);
  const axis = NORMAL[tile.plane];
  ctx.fillStyle = TEXT;
  ctx.shadowColor = "#000";
  ctx.shadowBlur = 3;
  ctx.font = '600 12px system-ui, "DejaVu Sans", sans-serif';
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.fillText(letters.left, left + 6, top + height / 2);
  ctx.textAlign = "right";
  ctx.fillText(letters.right, left + width - 6, top + height / 2);
  ctx.textAlign = "center";
  ctx.fillText(letters.top, left + width / 2, top + 10);
  ctx.fillText(letters.bottom, left + width / 2, top + height - 10);
  ctx.font = '11px system-ui, "DejaVu Sans", sans-serif';
  ctx.textAlign = "left";
  ctx.fillText(`${tile.plane} ${position[axis] + 1}/${grid.shape[axis]}`, left + 6, top + 11);
  ctx.shadowBlur = 0;
}

/** Marks on the slice that they were drawn on: the lesion in its label's colour, the rest dark with a light rim. */
function drawScribbles(
  ctx: CanvasRenderingContext2D,
  tile: Tile,
  { scribbles, position, colour }: OverlayScene,
): void {
  const axis = NORMAL[tile.plane];
  for (const { foreground, axis: drawnOn, radiusMm, points } of scribbles) {
    if (drawnOn !== axis || Math.round(points[0]?.[axis] ?? Number.NaN) !== position[axis]) continue;
    const width = Math.max(2, (2 * radiusMm) / tile.mmPerPixel);
    tracePoints(ctx, tile, points);
    ctx.lineCap = "round";
    ctx.lineJoin = "round";
    ctx.lineWidth = width + 2;
    ctx.strokeStyle = foreground ? "rgba(0, 0, 0, 0.7)" : "rgba(255, 255, 255, 0.8)";
    ctx.stroke();
    ctx.lineWidth = width;
    ctx.strokeStyle = foreground ? colour : "#3d4852";
    ctx.stroke();
  }
}

function tracePoints(ctx: CanvasRenderingContext2D, tile: Tile, points: readonly Vec3[]): void {
  ctx.beginPath();
  for (const [n, point] of points.entries()) {
    const [x, y] = tile.toScreen(point);
    if (n === 0) ctx.moveTo(x, y);
    // A mark of one point is a dot: a line of no length is not drawn.
    ctx.lineTo(x + (points.length === 1 ? 0.01 : 0), y);
  }
}

function drawBrush(ctx: CanvasRenderingContext2D, tile: Tile, scene: OverlayScene): void {
  const { pointer, brushMm, sphere, colour, grid } = scene;
  if (!pointer || brushMm === null) return;
  const axis = NORMAL[tile.plane];
  const away = (pointer.position[axis] - (scene.position[axis] ?? 0)) * grid.spacing[axis];
  if (tile.plane !== pointer.plane && (!sphere || Math.abs(away) >= brushMm)) return;
  const radius = tile.plane === pointer.plane ? brushMm : Math.sqrt(brushMm * brushMm - away * away);
  const [x, y] = tile.toScreen(pointer.position);
  ctx.lineWidth = 1.25;
  ctx.setLineDash(tile.plane === pointer.plane ? [] : [4, 3]);
  ctx.strokeStyle = "rgba(0, 0, 0, 0.6)";
  circle(ctx, { x, y, radius: radius / tile.mmPerPixel + 1 });
  ctx.strokeStyle = colour;
  circle(ctx, { x, y, radius: radius / tile.mmPerPixel });
  ctx.setLineDash([]);
}

function circle(
  ctx: CanvasRenderingContext2D,
  { x, y, radius }: { x: number; y: number; radius: number },
): void {
  ctx.beginPath();
  ctx.arc(x, y, Math.max(1, radius), 0, 2 * Math.PI);
  ctx.stroke();
}

function drawOutline(
  ctx: CanvasRenderingContext2D,
  tile: Tile,
  { outline, outlinePlane, outlineWaits, colour, position, pointer }: OverlayScene,
): void {
  const [first] = outline;
  const axis = NORMAL[tile.plane];
  if (!first || tile.plane !== outlinePlane || Math.round(first[axis]) !== position[axis]) return;
  ctx.beginPath();
  for (const [n, point] of outline.entries()) {
    const [x, y] = tile.toScreen(point);
    if (n === 0) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
  }
  if (outlineWaits) {
    if (pointer?.plane === tile.plane) ctx.lineTo(...tile.toScreen(pointer.position));
    const [x, y] = tile.toScreen(first);
    ctx.moveTo(x + RING_PIXELS, y);
    ctx.arc(x, y, RING_PIXELS, 0, 2 * Math.PI);
  }
  ctx.lineWidth = 3;
  ctx.strokeStyle = "rgba(0, 0, 0, 0.5)";
  ctx.stroke();
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = colour;
  ctx.stroke();
}
