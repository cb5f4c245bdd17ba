/** The room's door. The adapter itself is loaded late: it is most of the application's weight. */
export type { Convention, Layout, MaskStyle, Picture, Plane, Tile, Viewer, Window } from "./viewer";
export { NORMAL, PLANES, tileAt } from "./viewer";

import type { Viewer } from "./viewer";

/** How a viewer is made on a canvas; tests give another. */
export type OpenViewer = (canvas: HTMLCanvasElement) => Promise<Viewer>;

/** Make the real viewer. */
export const openViewer: OpenViewer = async (canvas) => (await import("./niivue")).openViewer(canvas);
