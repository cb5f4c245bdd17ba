/** Comments on the picture: a small ring with a dot at each voxel that lies in the slice shown. */
import type { Vec3 } from "@/labels";
import { NORMAL, type Tile } from "@/viewer";

const RADIUS = 5;

/** Draw the pins of the voxels in the slices on screen. The context is in CSS pixels. */
export function drawPins(
  ctx: CanvasRenderingContext2D,
  { tiles, position, pins }: { tiles: readonly Tile[]; position: Vec3; pins: readonly Vec3[] },
): void {
  for (const tile of tiles) {
    const normal = NORMAL[tile.plane];
    for (const pin of pins)
      if (pin[normal] === Math.round(position[normal])) drawPin(ctx, tile.toScreen(pin));
  }
}

function drawPin(ctx: CanvasRenderingContext2D, [x, y]: readonly [number, number]): void {
  ctx.save();
  ctx.lineWidth = 3.5;
  for (const colour of ["#000000", "#F0E442"]) {
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.beginPath();
    ctx.arc(x, y, RADIUS, 0, 2 * Math.PI);
    ctx.stroke();
    ctx.lineWidth = 1.5;
  }
  ctx.beginPath();
  ctx.arc(x, y, 1.5, 0, 2 * Math.PI);
  ctx.fill();
  ctx.restore();
}
