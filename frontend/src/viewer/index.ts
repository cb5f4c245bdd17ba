/** The room's door. The adapter itself is loaded late: it is most of the application's weight. */
export { type LabelLayer, type Layer, LayerPainter, type MapLayer, type OutlineLayer } from "./layers";
export { dragged, type Orbit, type PaneSize, project } from "./orbit";
export { type OpenSurfaceView, openSurfaceView, type SurfaceView } from "./surfaceView";
export type { Camera, Convention, Layout, MaskStyle, Picture, Plane, Tile, Viewer, Window } from "./viewer";
export { axesIn, NORMAL, PLANES, tileAt, WHOLE } from "./viewer";

import type { Viewer } from "./viewer";

/** How a viewer is made on a canvas; tests give another. */
export type OpenViewer = (canvas: HTMLCanvasElement) => Promise<Viewer>;

/** Make the real viewer. */
export const openViewer: OpenViewer = async (canvas) => (await import("./niivue")).openViewer(canvas);

/** Fetch the viewer's code before it is needed. A failure is told when a viewer is opened. */
export function preloadViewer(): void {
  import("./niivue").catch(() => undefined);
}
