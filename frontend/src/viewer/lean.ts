/** What NiiVue prepares and slices never use, left out: it was most of the time to the first picture. */
import { type Niivue, NVImage } from "@niivue/niivue";

/** The programs that slices are drawn with read one of these: the image as it came, or the labels over it. */
const READS = /\b[iu]?sampler3D (intensityVol|drawing);/;
/** Those of the 3-D rendering read the labels too, along rays. */
const RENDERS = /\brayDir\b/;

/**
 * Compile only the programs that slices are drawn with. NiiVue makes 48 of them when it starts and waits for each,
 * one trip to the graphics process after the other; six are ever drawn with. To be called before NiiVue gets the
 * context. The others answer as if they were there: they have no uniforms, and using one changes nothing.
 */
export function compileOnlySlices(gl: WebGL2RenderingContext): void {
  const sources = new WeakMap<WebGLShader, string>();
  const needed = new WeakSet<WebGLProgram>();
  const shadersOf = new WeakMap<WebGLProgram, WebGLShader[]>();
  const isNeeded = (program: WebGLProgram | null) => program === null || needed.has(program);
  const { compileShader, linkProgram, getProgramParameter, getUniformLocation, useProgram } = gl;
  const { shaderSource, attachShader } = gl;
  gl.shaderSource = (shader, source) => void sources.set(shader, source);
  gl.compileShader = () => undefined;
  gl.attachShader = (program, shader) => {
    shadersOf.set(program, [...(shadersOf.get(program) ?? []), shader]);
  };
  gl.linkProgram = (program) => {
    const shaders = shadersOf.get(program) ?? [];
    const text = shaders.map((shader) => sources.get(shader) ?? "").join("\n");
    if (!READS.test(text) || RENDERS.test(text)) return;
    needed.add(program);
    for (const shader of shaders) {
      shaderSource.call(gl, shader, sources.get(shader) ?? "");
      compileShader.call(gl, shader);
      attachShader.call(gl, program, shader);
    }
    linkProgram.call(gl, program);
  };
  gl.getProgramParameter = (program, name) =>
    isNeeded(program) ? getProgramParameter.call(gl, program, name) : true;
  gl.getUniformLocation = (program, name) =>
    isNeeded(program) ? getUniformLocation.call(gl, program, name) : null;
  gl.useProgram = (program) => {
    if (isNeeded(program)) useProgram.call(gl, program);
  };
}

/**
 * Make NiiVue's gradient pass free. It prepares the lighting of a 3-D rendering, which slices do not have, after
 * every change of window or sequence: most of that time, and two textures of four bytes a voxel. The pass counts
 * the slices in the header, so it is told that there are none, and given textures of one voxel.
 */
export function skipLighting(nv: Niivue): void {
  const { gl } = nv;
  const refresh = nv.refreshLayers.bind(nv);
  nv.refreshLayers = (image, layer) => {
    const dims = image.hdr?.dims;
    const slices = dims?.[3] ?? 0;
    const noSlices = { use: () => dims?.splice(3, 1, 0), uniforms: {} };
    Object.assign(nv, { blurShader: noSlices, sobelFirstOrderShader: noSlices });
    try {
      refresh(image, layer);
    } finally {
      dims?.splice(3, 1, slices);
    }
  };
  const allocate = nv.rgbaTex.bind(nv);
  nv.rgbaTex = (texture, unit, dims, isInit = false) => {
    const forLighting = unit === gl.TEXTURE6 || unit === gl.TEXTURE8;
    return allocate(texture, unit, forLighting ? [3, 1, 1, 1] : dims, isInit);
  };
}

/** Leave out the drawing that NiiVue adds to every preparation of an image: the viewer draws in the next frame. */
export function drawOnRequest(nv: Niivue): void {
  const update = nv.updateGLVolume.bind(nv);
  nv.updateGLVolume = () => {
    const draw = nv.drawScene;
    nv.drawScene = () => undefined;
    try {
      update();
    } finally {
      nv.drawScene = draw;
    }
  };
}

/** Windows come with the case: NiiVue's own search for one reads every image three times, on the page's thread. */
export function skipWindowSearch(): void {
  NVImage.prototype.calMinMax = function () {
    this.global_min ??= 0;
    this.global_max ??= 0;
    return [0, 1, 0, 1];
  };
}
