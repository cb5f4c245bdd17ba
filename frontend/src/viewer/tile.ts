/** The map between a plane on screen and voxels, found from three of its points: it is affine. */
import type { Axis, Grid, Vec3 } from "@/labels";
import { axesIn, type Plane, type Tile } from "./viewer";

/** A tile as the picture library knows it: device pixels, and the voxel under a device pixel. */
export interface TileGeometry {
  readonly plane: Plane;
  readonly grid: Grid;
  /** Device pixels per CSS pixel. */
  readonly dpr: number;
  readonly device: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  voxelAt(x: number, y: number): Vec3;
}

/** Return the tile. The three probes lie inside it, where every picture library answers. */
export function tileOf({ plane, grid, dpr, device, voxelAt }: TileGeometry): Tile {
  const { left, top, width, height } = device;
  const [x0, y0] = [left + width / 4, top + height / 4];
  const origin = voxelAt(x0, y0);
  const alongX = scale(subtract(voxelAt(x0 + width / 2, y0), origin), 2 / width);
  const alongY = scale(subtract(voxelAt(x0, y0 + height / 2), origin), 2 / height);
  const [u, v] = axesIn(plane);
  const determinant = alongX[u] * alongY[v] - alongX[v] * alongY[u];
  return {
    plane,
    rect: { left: left / dpr, top: top / dpr, width: width / dpr, height: height / dpr },
    mmPerPixel: dpr * Math.hypot(alongX[u] * grid.spacing[u], alongX[v] * grid.spacing[v]),
    toVoxel(x, y) {
      const [dx, dy] = [x * dpr - x0, y * dpr - y0];
      const along = (axis: Axis) => origin[axis] + alongX[axis] * dx + alongY[axis] * dy;
      return [along(0), along(1), along(2)];
    },
    toScreen(voxel) {
      const [du, dv] = [voxel[u] - origin[u], voxel[v] - origin[v]];
      const dx = (du * alongY[v] - dv * alongY[u]) / determinant;
      const dy = (dv * alongX[u] - du * alongX[v]) / determinant;
      return [(x0 + dx) / dpr, (y0 + dy) / dpr];
    },
  };
}

function subtract(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function scale(a: Vec3, factor: number): Vec3 {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}
