/** What the rest of the application may ask of the picture on screen, in our words. */
import type { Axis, Box, Grid, Intensities, Vec3 } from "@/labels";

/** The three planes of a slice view. */
export type Plane = "axial" | "coronal" | "sagittal";

/** The planes, in the order of the keyboard and the menus. */
export const PLANES: readonly Plane[] = ["axial", "coronal", "sagittal"];

/** The voxel axis that stands upright on each plane. */
export const NORMAL: Readonly<Record<Plane, Axis>> = { sagittal: 0, coronal: 1, axial: 2 };

/** Return the two voxel axes that lie in a plane. */
export function axesIn(plane: Plane): readonly [Axis, Axis] {
  if (NORMAL[plane] === 0) return [1, 2];
  return NORMAL[plane] === 1 ? [0, 2] : [0, 1];
}

/** All three planes, also with the lower right corner left free, or one of them large. */
export type Layout = "three planes" | "three planes and a free corner" | Plane;

/** Radiological: the patient's right is on the left of the screen. */
export type Convention = "radiological" | "neurological";

/** Zoom and shift of the picture, alike for all panes of a case: millimetres · zoom + shift. Zoom 1 shows everything. */
export interface Camera {
  readonly zoom: number;
  readonly shift: Vec3;
}

/** The whole image. */
export const WHOLE: Camera = { zoom: 1, shift: [0, 0, 0] };

/** A decoded image, ready to be shown and read. Its order of voxels is that of the labels. */
export interface Picture {
  readonly grid: Grid;
  readonly intensities: Intensities;
}

/** Lower and upper displayed intensity: black and white. */
export type Window = readonly [number, number];

/** How the labels are drawn over the image. */
export interface MaskStyle {
  /** Opacity of the area, 0 to 1. */
  readonly fill: number;
  /** Opacity of the outline, 0 to 1. */
  readonly outline: number;
  /** Colour of each label value as "#rrggbb". */
  readonly colours: ReadonlyMap<number, string>;
  readonly hidden: ReadonlySet<number>;
}

/** One plane on screen. Screen positions are CSS pixels from the upper left corner of the canvas. */
export interface Tile {
  readonly plane: Plane;
  readonly rect: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /** Screen position to voxel position (fractions; the slice's own coordinate included). */
  toVoxel(x: number, y: number): Vec3;
  /** Voxel position to screen position, projected onto the plane. */
  toScreen(voxel: Vec3): readonly [number, number];
  /** Millimetres per CSS pixel. */
  readonly mmPerPixel: number;
}

/** The picture on screen. One per pane; several panes may show the same labels. */
export interface Viewer {
  /** Read the bytes of a NIfTI file, compressed or not. Raises an error in plain words when it cannot. */
  decode(bytes: ArrayBuffer, name: string): Promise<Picture>;
  /**
   * Show an image in place of the one before; position and zoom stay, and the labels when they have as many voxels
   * as the image. Others are put away: give those of the new grid next.
   */
  show(picture: Picture, window: Window): void;
  /** Change black and white: a cheap preview while dragging, exact on release. */
  setWindow(window: Window, quality: "preview" | "exact"): void;
  /** Show these labels (one layer of the image's grid, or RangeError). The array is read again at each redraw. */
  setLabels(labels: Uint8Array): void;
  /** Draw again soon; `box` is where the labels changed. */
  redraw(box?: Box): void;
  setStyle(style: MaskStyle): void;
  setLayout(layout: Layout): void;
  setConvention(convention: Convention): void;
  /** The voxel whose slices are shown. */
  setPosition(voxel: Vec3): void;
  setCamera(camera: Camera): void;
  /** Return the camera with another zoom that keeps a voxel where it is on screen. */
  zoomedAbout(camera: Camera, voxel: Vec3, zoom: number): Camera;
  /** The planes on screen, as last drawn. */
  tiles(): readonly Tile[];
  /** Be told after each drawing. Returns the way to stop listening. */
  onDrawn(listener: () => void): () => void;
  /** Resolves when the graphics card has done all that it was asked for up to now. */
  finished(): Promise<void>;
  /** Be told when the graphics card gave up; the pane must be made anew. */
  onLost(listener: () => void): () => void;
  /** Free everything. */
  close(): void;
}

/** Return the tile under a screen position. */
export function tileAt(tiles: readonly Tile[], x: number, y: number): Tile | null {
  return (
    tiles.find(
      ({ rect }) =>
        x >= rect.left && y >= rect.top && x < rect.left + rect.width && y < rect.top + rect.height,
    ) ?? null
  );
}
