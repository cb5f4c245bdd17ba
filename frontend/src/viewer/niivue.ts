/** The adapter of NiiVue 0.69 to the Viewer port: the only file that imports the library. */
import { Niivue, NVImage, SHOW_RENDER, SLICE_TYPE } from "@niivue/niivue";
import { type Box, type Grid, inflate, makeGrid, union, type Vec3, wholeGrid } from "@/labels";
import { compileOnlySlices, drawOnRequest, skipLighting, skipWindowSearch } from "./lean";
import { type TileGeometry, tileOf } from "./tile";
import type { Camera, Convention, Layout, MaskStyle, Picture, Plane, Tile, Viewer, Window } from "./viewer";
import { previewFilter } from "./windowPreview";

const PLANE_OF_SLICE: Readonly<Record<number, Plane>> = {
  [SLICE_TYPE.AXIAL]: "axial",
  [SLICE_TYPE.CORONAL]: "coronal",
  [SLICE_TYPE.SAGITTAL]: "sagittal",
};
const SLICE_OF_PLANE: Readonly<Record<Plane, SLICE_TYPE>> = {
  axial: SLICE_TYPE.AXIAL,
  coronal: SLICE_TYPE.CORONAL,
  sagittal: SLICE_TYPE.SAGITTAL,
};
/** Left, top, width and height of each plane as parts of the canvas; the plane one works in is the large one. */
const THREE_PLANES: readonly { plane: Plane; position: [number, number, number, number] }[] = [
  { plane: "axial", position: [0, 0, 0.6, 1] },
  { plane: "coronal", position: [0.6, 0, 0.4, 0.5] },
  { plane: "sagittal", position: [0.6, 0.5, 0.4, 0.5] },
];
/** The axial plane stays where it is. */
const WITH_FREE_CORNER: typeof THREE_PLANES = [
  { plane: "axial", position: [0, 0, 0.6, 1] },
  { plane: "coronal", position: [0.6, 0, 0.4, 1 / 3] },
  { plane: "sagittal", position: [0.6, 1 / 3, 0.4, 1 / 3] },
];
/** NiiVue's outline needs an area that is drawn at all. */
const FAINTEST_FILL = 0.004;
/** Above this, an exact window costs too much for every mouse move. */
const SMOOTH_MS = 40;
/** How often the graphics card is asked whether it is done. */
const ASK_AGAIN_MS = 10;

skipWindowSearch();

interface NiivuePicture extends Picture {
  readonly image: NVImage;
}

/** Make a viewer on a canvas. Raises an error in plain words when the browser has no WebGL2. */
export async function openViewer(canvas: HTMLCanvasElement): Promise<Viewer> {
  const nv = new Niivue({
    interactive: false,
    dragAndDropEnabled: false,
    isOrientationTextVisible: false,
    isRadiologicalConvention: true,
    multiplanarShowRender: SHOW_RENDER.NEVER,
    crosshairWidth: 0,
    loadingText: "",
    backColor: [0, 0, 0, 1],
    logLevel: "error",
    sliceType: SLICE_TYPE.AXIAL,
    isNearestInterpolation: false,
    maxDrawUndoBitmaps: 1,
  });
  const gl = canvas.getContext("webgl2", { antialias: false, stencil: true, preserveDrawingBuffer: false });
  if (!gl) {
    throw new Error(
      "This browser cannot draw 3-D images: WebGL2 is missing or switched off. Use a current Chrome, Edge, Firefox or Safari with hardware acceleration.",
    );
  }
  compileOnlySlices(gl);
  await nv.attachToCanvas(canvas, false);
  skipLighting(nv);
  drawOnRequest(nv);
  return new NiivueViewer(nv, canvas);
}

class NiivueViewer implements Viewer {
  readonly #nv: Niivue;
  readonly #canvas: HTMLCanvasElement;
  readonly #drawn = new Set<() => void>();
  readonly #lost = new Set<() => void>();
  readonly #unlisten: () => void;
  #picture: NiivuePicture | null = null;
  #labels: Uint8Array | null = null;
  #dirty: Box | null = null;
  #frame = 0;
  #exact: Window = [0, 1];
  #exactMs = Number.POSITIVE_INFINITY;
  #tiles: readonly Tile[] | null = null;

  constructor(nv: Niivue, canvas: HTMLCanvasElement) {
    this.#nv = nv;
    this.#canvas = canvas;
    afterDrawing(nv, () => {
      this.#tiles = null;
      for (const listener of this.#drawn) listener();
    });
    const lost = (event: Event) => {
      event.preventDefault();
      for (const listener of this.#lost) listener();
    };
    canvas.addEventListener("webglcontextlost", lost);
    const resized = new ResizeObserver(() => this.redraw());
    resized.observe(canvas);
    this.#unlisten = () => {
      canvas.removeEventListener("webglcontextlost", lost);
      resized.disconnect();
    };
    this.setLayout("three planes");
  }

  async decode(bytes: ArrayBuffer, name: string): Promise<NiivuePicture> {
    const plain = await inflate(bytes);
    const image = await NVImage.loadFromUrl({ url: plain, name: `${name}.nii`, colormap: "gray" });
    const { hdr, permRAS } = image;
    if (!hdr || !permRAS || !image.img) throw new Error(`The image of ${name} could not be read.`);
    if (permRAS.some((axis, i) => axis !== i + 1)) {
      throw new Error(
        `The image of ${name} is not stored in the order of the labels. Ask your lead to import it again.`,
      );
    }
    const grid = makeGrid([hdr.dims[1] ?? 0, hdr.dims[2] ?? 0, hdr.dims[3] ?? 0], hdr.affine);
    const slope = hdr.scl_slope === 0 || Number.isNaN(hdr.scl_slope) ? 1 : hdr.scl_slope;
    return {
      grid,
      image,
      intensities: { raw: image.img as ArrayLike<number>, slope, intercept: hdr.scl_inter || 0 },
    };
  }

  show(picture: Picture, window: Window): void {
    const next = picture as NiivuePicture;
    const isOnNewGrid = this.#picture?.grid.shape.join() !== next.grid.shape.join();
    next.image.cal_min = window[0];
    next.image.cal_max = window[1];
    this.#picture = next;
    this.#exact = window;
    this.#canvas.style.filter = "";
    // NiiVue keeps every image that it ever loaded in this map, which would hold 20 cases in memory.
    this.#nv.mediaUrlMap.clear();
    this.#nv.volumes = [];
    this.#nv.addVolume(next.image);
    if (isOnNewGrid) {
      // NiiVue's own way to begin a drawing makes three copies of it and sends an empty one.
      const { drawTexture, gl } = this.#nv;
      this.#nv.drawTexture = this.#nv.r8Tex(drawTexture, gl.TEXTURE7, [3, ...next.grid.shape]);
      const labels = this.#labels?.length === next.grid.size ? this.#labels : null;
      this.#labels = null;
      this.#dirty = null;
      this.#nv.drawBitmap = null;
      if (labels) this.setLabels(labels);
    }
    this.redraw();
  }

  setWindow(window: Window, quality: "preview" | "exact"): void {
    if (!this.#picture) return;
    if (quality === "preview" && this.#exactMs > SMOOTH_MS) {
      this.#canvas.style.filter = previewFilter(this.#exact, window);
      return;
    }
    const began = performance.now();
    this.#picture.image.cal_min = window[0];
    this.#picture.image.cal_max = window[1];
    this.#nv.updateGLVolume();
    this.#nv.gl.finish();
    this.#exactMs = performance.now() - began;
    this.#exact = window;
    this.#canvas.style.filter = "";
    this.redraw();
  }

  setLabels(labels: Uint8Array): void {
    this.#labels = labels;
    if (!this.#picture) return;
    if (labels.length !== this.#picture.grid.size)
      throw new RangeError("The labels lie on another grid than the image.");
    this.#nv.drawBitmap = labels;
    this.#nv.clickToSegmentGrowingBitmap = null;
    this.redraw(wholeGrid(this.#picture.grid));
  }

  redraw(box?: Box): void {
    this.#dirty = union(this.#dirty, box ?? null);
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const dirty = this.#dirty;
    this.#dirty = null;
    if (!this.#picture) return;
    if (dirty && this.#labels) this.#upload(dirty, this.#picture.grid, this.#labels);
    this.#nv.drawScene();
  }

  /** Send one box of the labels to the graphics card, straight out of the whole array. */
  #upload({ low, high }: Box, { shape: [nx, ny] }: Grid, labels: Uint8Array): void {
    const { gl } = this.#nv;
    gl.activeTexture(gl.TEXTURE7);
    gl.bindTexture(gl.TEXTURE_3D, this.#nv.drawTexture);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.UNPACK_ROW_LENGTH, nx);
    gl.pixelStorei(gl.UNPACK_IMAGE_HEIGHT, ny);
    gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, low[0]);
    gl.pixelStorei(gl.UNPACK_SKIP_ROWS, low[1]);
    gl.pixelStorei(gl.UNPACK_SKIP_IMAGES, low[2]);
    const [width, height, depth] = [high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1];
    gl.texSubImage3D(
      gl.TEXTURE_3D,
      0,
      low[0],
      low[1],
      low[2],
      width,
      height,
      depth,
      gl.RED,
      gl.UNSIGNED_BYTE,
      labels,
    );
    for (const parameter of [
      gl.UNPACK_ROW_LENGTH,
      gl.UNPACK_IMAGE_HEIGHT,
      gl.UNPACK_SKIP_PIXELS,
      gl.UNPACK_SKIP_ROWS,
      gl.UNPACK_SKIP_IMAGES,
    ]) {
      gl.pixelStorei(parameter, 0);
    }
  }

  setStyle({ fill, outline, colours, hidden }: MaskStyle): void {
    const lut = new Uint8ClampedArray(256 * 4);
    for (const [value, colour] of colours) {
      const rgb = Number.parseInt(colour.slice(1), 16);
      lut.set([(rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255, hidden.has(value) ? 0 : 255], value * 4);
    }
    this.#nv.drawLut = { lut, labels: [] };
    this.#nv.drawOpacity = Math.max(FAINTEST_FILL, fill);
    this.#nv.drawRimOpacity = outline;
    if (this.#picture) this.#nv.refreshColormaps();
    this.redraw();
  }

  setLayout(layout: Layout): void {
    if (layout === "three planes" || layout === "three planes and a free corner") {
      const planes = layout === "three planes" ? THREE_PLANES : WITH_FREE_CORNER;
      this.#nv.customLayout = planes.map(({ plane, position }) => ({
        sliceType: SLICE_OF_PLANE[plane],
        position,
      }));
    } else {
      // One plane alone gets the whole canvas also when zoomed in; a custom tile would stay as narrow as the image.
      this.#nv.customLayout = [];
      this.#nv.opts.sliceType = SLICE_OF_PLANE[layout];
    }
    this.redraw();
  }

  setConvention(convention: Convention): void {
    // The setter of NiiVue prepares the whole volume again, which the drawing does not need.
    this.#nv.opts.isRadiologicalConvention = convention === "radiological";
    this.redraw();
  }

  setPosition(voxel: Vec3): void {
    this.#nv.scene.crosshairPos = this.#fraction(voxel);
    this.redraw();
  }

  #fraction([x, y, z]: Vec3): [number, number, number] {
    const [nx, ny, nz] = this.#picture?.grid.shape ?? [1, 1, 1];
    return [(x + 0.5) / nx, (y + 0.5) / ny, (z + 0.5) / nz];
  }

  setCamera({ zoom, shift: [x, y, z] }: Camera): void {
    this.#nv.scene.pan2Dxyzmm = [x, y, z, zoom];
    this.redraw();
  }

  /** NiiVue shows mm · zoom + shift; keeping one point fixed moves the shift by mm · (old − new zoom). */
  zoomedAbout({ zoom: before, shift }: Camera, voxel: Vec3, zoom: number): Camera {
    const mm = this.#nv.frac2mm(this.#fraction(voxel));
    const moved = (axis: 0 | 1 | 2) => shift[axis] + (mm[axis] ?? 0) * (before - zoom);
    return { zoom, shift: [moved(0), moved(1), moved(2)] };
  }

  tiles(): readonly Tile[] {
    if (!this.#picture) return [];
    this.#tiles ??= this.#nv.screenSlices.flatMap((slice, index) => {
      const plane = PLANE_OF_SLICE[slice.axCorSag];
      return plane ? [tileOf(this.#geometry(plane, index))] : [];
    });
    return this.#tiles;
  }

  #geometry(plane: Plane, index: number): TileGeometry {
    const nv = this.#nv;
    const grid = (this.#picture as NiivuePicture).grid;
    const dpr = nv.uiData.dpr || 1;
    const [left = 0, top = 0, width = 1, height = 1] = nv.screenSlices[index]?.leftTopWidthHeight ?? [];
    const voxelAt = (x: number, y: number): Vec3 => {
      const frac = nv.screenXY2TextureFrac(x, y, index, false);
      const part = (axis: 0 | 1 | 2) => (frac[axis] ?? 0) * grid.shape[axis] - 0.5;
      return [part(0), part(1), part(2)];
    };
    return { plane, grid, dpr, device: { left, top, width, height }, voxelAt };
  }

  onDrawn(listener: () => void): () => void {
    this.#drawn.add(listener);
    return () => this.#drawn.delete(listener);
  }

  async finished(): Promise<void> {
    const { gl } = this.#nv;
    const mark = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    while (mark && !gl.isContextLost() && gl.getSyncParameter(mark, gl.SYNC_STATUS) !== gl.SIGNALED) {
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
    gl.deleteSync(mark);
  }

  onLost(listener: () => void): () => void {
    this.#lost.add(listener);
    // It may have given up before anybody listened.
    if (this.#nv.gl.isContextLost()) setTimeout(() => this.#lost.has(listener) && listener());
    return () => this.#lost.delete(listener);
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.#unlisten();
    this.#drawn.clear();
    this.#lost.clear();
    this.#nv.mediaUrlMap.clear();
    this.#nv.volumes = [];
    this.#nv.drawBitmap = null;
    this.#picture = null;
    this.#labels = null;
    this.#nv.cleanup();
    // Browsers allow some 16 contexts and free them late; giving it back at once keeps 20 cases in flat memory.
    this.#nv.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

/**
 * Tell of every drawing, also those of NiiVue's own: it draws by itself when the canvas was resized, and the planes
 * then lie elsewhere.
 */
function afterDrawing(nv: Niivue, tell: () => void): void {
  const draw = nv.drawScene.bind(nv);
  nv.drawScene = () => {
    const said = draw();
    tell();
    return said;
  };
}
