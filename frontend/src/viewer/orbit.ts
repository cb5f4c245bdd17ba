/** How one looks at surfaces in space: turned about a centre, without perspective. Pure; angles in radians. */
import type { Vec3 } from "@/labels";

/** From where: `turn` about the head's long axis (0: from the front), `tilt` upwards; half of the shorter side seen, in mm. */
export interface Orbit {
  readonly centre: Vec3;
  readonly turn: number;
  readonly tilt: number;
  readonly halfMm: number;
}

/** Width and height of a pane, in pixels of whatever kind. */
export interface PaneSize {
  readonly width: number;
  readonly height: number;
}

/** The axes of the screen in patient space: to the right, upwards, and towards the eye. */
export interface ScreenAxes {
  readonly right: Vec3;
  readonly up: Vec3;
  readonly towards: Vec3;
}

const STEEPEST = Math.PI / 2;

/** Return the axes of the screen. From the front the patient's right is on the left of the screen. */
export function axesOf({ turn, tilt }: Orbit): ScreenAxes {
  const [s, c] = [Math.sin(turn), Math.cos(turn)];
  const [st, ct] = [Math.sin(tilt), Math.cos(tilt)];
  return { right: [-c, -s, 0], up: [s * st, -c * st, ct], towards: [-s * ct, c * ct, st] };
}

/** Return the orbit after a drag over a pane, in parts of its height. */
export function dragged(orbit: Orbit, right: number, down: number): Orbit {
  const tilt = Math.min(STEEPEST, Math.max(-STEEPEST, orbit.tilt + down * Math.PI));
  return { ...orbit, turn: orbit.turn - right * Math.PI, tilt };
}

/**
 * Return the matrix (by columns, as graphics cards want it) from mm to the cube of -1 … 1 of a pane of this size.
 */
export function matrixOf(orbit: Orbit, { width, height }: PaneSize): Float32Array {
  const { right, up, towards } = axesOf(orbit);
  const { centre, halfMm } = orbit;
  const shorter = Math.min(width, height);
  // Depth: what is near is small; half a metre to both sides holds any head, however near one looks.
  const rows = [
    { axis: right, by: shorter / width / halfMm },
    { axis: up, by: shorter / height / halfMm },
    { axis: towards, by: -1 / 500 },
  ];
  const matrix = new Float32Array(16);
  rows.forEach(({ axis, by }, row) => {
    for (const column of [0, 1, 2] as const) matrix[column * 4 + row] = axis[column] * by;
    matrix[12 + row] = -dot(axis, centre) * by;
  });
  matrix[15] = 1;
  return matrix;
}

/** Return where a point lies on a pane, in pixels from its upper left corner. */
export function project(orbit: Orbit, point: Vec3, { width, height }: PaneSize): readonly [number, number] {
  const { right, up } = axesOf(orbit);
  const { centre, halfMm } = orbit;
  const away: Vec3 = [point[0] - centre[0], point[1] - centre[1], point[2] - centre[2]];
  const pixels = Math.min(width, height) / 2 / halfMm;
  return [width / 2 + dot(right, away) * pixels, height / 2 - dot(up, away) * pixels];
}

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
