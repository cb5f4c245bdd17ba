/** A viewer that is made while the case is still on its way: the graphics driver then compiles during the wait. */
import type { OpenViewer, Viewer } from "@/viewer";

/** A viewer on its way, on a canvas in a frame of its own: the frame can be moved with all that watches the canvas. */
export class Opening {
  readonly frame = document.createElement("div");
  readonly viewer: Promise<Viewer>;
  #made: Viewer | null = null;
  #released = false;

  constructor(openViewer: OpenViewer) {
    const canvas = this.frame.appendChild(document.createElement("canvas"));
    this.viewer = openViewer(canvas).then((made) => {
      this.#made = made;
      if (this.#released) made.close();
      return made;
    });
    this.viewer.catch(() => undefined); // told by the pane that takes it
  }

  /** Free the viewer, now or as soon as it is made, and its canvas. */
  release(): void {
    this.#released = true;
    this.#made?.close();
    this.frame.remove();
  }
}

let spare: { readonly opening: Opening; readonly by: OpenViewer } | null = null;

/** Begin to make a viewer for whichever pane asks first. Returns the way to give it up when none did. */
export function prepareViewer(openViewer: OpenViewer): () => void {
  const made = { opening: new Opening(openViewer), by: openViewer };
  spare = made;
  return () => {
    if (spare !== made) return;
    spare = null;
    made.opening.release();
  };
}

/** Take the viewer that was prepared, or begin to make one. */
export function takeViewer(openViewer: OpenViewer): Opening {
  if (spare?.by !== openViewer) return new Opening(openViewer);
  const { opening } = spare;
  spare = null;
  return opening;
}
