/** NiiVue's own pen, driven as its own pointer handling drives it. */
import { Niivue, NVImage, SHOW_RENDER, SLICE_TYPE } from "@niivue/niivue";
import type { Vec3 } from "@/labels";
import { nextFrame, type Span } from "./timing";

const LABEL = 4;

export class NiivuePen {
  readonly #nv: Niivue;

  private constructor(nv: Niivue) {
    this.#nv = nv;
  }

  /** Open NiiVue with its default drawing options on an image; slices only, since 3-D would slow it down. */
  static async open(canvas: HTMLCanvasElement, image: ArrayBuffer): Promise<NiivuePen> {
    const nv = new Niivue({
      interactive: false,
      multiplanarShowRender: SHOW_RENDER.NEVER,
      sliceType: SLICE_TYPE.MULTIPLANAR,
      loadingText: "",
      logLevel: "error",
    });
    await nv.attachToCanvas(canvas, false);
    nv.addVolume(await NVImage.loadFromUrl({ url: image, name: "image.nii.gz", colormap: "gray" }));
    nv.createEmptyDrawing();
    nv.setDrawingEnabled(true);
    return new NiivuePen(nv);
  }

  /**
   * For each point: a line from the one before, then the drawing is sent (NiiVue sends all of it), then a frame. At
   * the end the snapshot for its undo. Script time without the frames.
   */
  async stroke(points: readonly Vec3[], size: number): Promise<Span> {
    const nv = this.#nv;
    nv.opts.penSize = size;
    nv.drawBitmap?.fill(0);
    nv.drawPenAxCorSag = SLICE_TYPE.AXIAL;
    nv.refreshDrawing(true);
    await nextFrame();
    let script = 0;
    const timed = (act: () => void) => {
      const began = performance.now();
      act();
      script += performance.now() - began;
    };
    for (const [n, point] of points.entries()) {
      const before = points[n - 1];
      timed(() => {
        if (before) nv.drawPenLine([...point], [...before], LABEL);
        else nv.drawPt(...point, LABEL);
        nv.refreshDrawing(false, false);
      });
      nv.drawScene();
      await nextFrame();
    }
    timed(() => nv.drawAddUndoBitmap());
    return { script, voxels: nv.drawBitmap?.filter((value) => value === LABEL).length ?? 0 };
  }
}
