/**
 * Draws closed surfaces with WebGL2: the innermost solid, those around it as glass. Light comes from beside the eye, so
 * that a form can be read; glass is clear where one looks straight through it and has its full colour at its rim. Of
 * each glass only what is nearest to the eye is drawn: layers of it would darken what is inside.
 */
import type { Surface, Vec3 } from "@/labels";
import { axesOf, matrixOf, type Orbit } from "./orbit";

/** A surface and its colour as "#rrggbb". */
export interface ColouredSurface {
  readonly surface: Surface;
  readonly colour: string;
}

/** The picture of surfaces on one canvas. */
export interface SurfaceView {
  /** Show these, the innermost first. */
  setSurfaces(surfaces: readonly ColouredSurface[]): void;
  setOrbit(orbit: Orbit): void;
  /** Draw again, as after a change of the canvas's size. */
  redraw(): void;
  /** Be told when the graphics card gave up; the view must be made anew. */
  onLost(listener: () => void): void;
  close(): void;
}

/** How a surface view is made on a canvas; tests give another. */
export type OpenSurfaceView = (canvas: HTMLCanvasElement) => SurfaceView;

const VERTEX = `#version 300 es
in vec3 position;
in vec3 normal;
uniform mat4 matrix;
out vec3 across;
void main() {
  across = normal;
  gl_Position = matrix * vec4(position, 1.0);
}`;
const FRAGMENT = `#version 300 es
precision mediump float;
in vec3 across;
uniform vec3 towards;
uniform vec3 light;
uniform vec3 colour;
uniform bool glass;
out vec4 shade;
void main() {
  vec3 n = normalize(across);
  n = dot(n, towards) < 0.0 ? -n : n;
  float lit = 0.5 + 0.5 * dot(n, light);
  float gloss = 0.25 * pow(max(0.0, dot(n, normalize(light + towards))), 30.0);
  float rim = 1.0 - dot(n, towards);
  shade = glass
    ? vec4(mix(colour, vec3(1.0), 0.2) * (0.7 + 0.4 * lit) + gloss, mix(0.16, 0.9, rim * rim) + gloss)
    : vec4(colour * (0.2 + 0.9 * lit * lit) + gloss, 1.0);
}`;

interface Loaded {
  readonly vertices: WebGLVertexArrayObject;
  readonly buffers: readonly WebGLBuffer[];
  readonly length: number;
  readonly colour: readonly [number, number, number];
}

/** Make a view. Raises an error in plain words when the browser has no WebGL2. */
export const openSurfaceView: OpenSurfaceView = (canvas) => {
  const gl = canvas.getContext("webgl2", { antialias: true, alpha: false });
  if (!gl) {
    throw new Error("This browser cannot draw 3-D surfaces: WebGL2 is missing or switched off.");
  }
  return new GlSurfaceView(gl, canvas);
};

class GlSurfaceView implements SurfaceView {
  readonly #gl: WebGL2RenderingContext;
  readonly #canvas: HTMLCanvasElement;
  readonly #program: WebGLProgram;
  readonly #abort = new AbortController();
  #loaded: readonly Loaded[] = [];
  #orbit: Orbit = { centre: [0, 0, 0], turn: 0, tilt: 0, halfMm: 100 };
  #frame = 0;

  constructor(gl: WebGL2RenderingContext, canvas: HTMLCanvasElement) {
    this.#gl = gl;
    this.#canvas = canvas;
    this.#program = link(gl);
  }

  setSurfaces(surfaces: readonly ColouredSurface[]): void {
    this.#unload();
    this.#loaded = surfaces
      .filter(({ surface }) => surface.triangles.length > 0)
      .map((each) => this.#load(each));
    this.redraw();
  }

  #load({ surface, colour }: ColouredSurface): Loaded {
    const gl = this.#gl;
    const vertices = gl.createVertexArray();
    gl.bindVertexArray(vertices);
    const positions = this.#fill(gl.ARRAY_BUFFER, surface.positions);
    this.#point("position");
    const normals = this.#fill(gl.ARRAY_BUFFER, surface.normals);
    this.#point("normal");
    const triangles = this.#fill(gl.ELEMENT_ARRAY_BUFFER, surface.triangles);
    gl.bindVertexArray(null);
    const rgb = Number.parseInt(colour.slice(1), 16);
    return {
      vertices,
      buffers: [positions, normals, triangles],
      length: surface.triangles.length,
      colour: [(rgb >> 16) / 255, ((rgb >> 8) & 255) / 255, (rgb & 255) / 255],
    };
  }

  #fill(target: number, values: Float32Array | Uint32Array): WebGLBuffer {
    const gl = this.#gl;
    const buffer = gl.createBuffer();
    gl.bindBuffer(target, buffer);
    gl.bufferData(target, values, gl.STATIC_DRAW);
    return buffer;
  }

  #point(attribute: string): void {
    const place = this.#gl.getAttribLocation(this.#program, attribute);
    this.#gl.enableVertexAttribArray(place);
    this.#gl.vertexAttribPointer(place, 3, this.#gl.FLOAT, false, 0, 0);
  }

  setOrbit(orbit: Orbit): void {
    this.#orbit = orbit;
    this.redraw();
  }

  redraw(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const gl = this.#gl;
    const { width, height } = fitted(this.#canvas);
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    // biome-ignore lint/correctness/useHookAtTopLevel: a call of WebGL, not of React
    gl.useProgram(this.#program);
    gl.uniformMatrix4fv(this.#at("matrix"), false, matrixOf(this.#orbit, { width, height }));
    const { right, up, towards } = axesOf(this.#orbit);
    gl.uniform3fv(this.#at("towards"), towards);
    gl.uniform3fv(this.#at("light"), lightFrom(right, up, towards));
    gl.enable(gl.DEPTH_TEST);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    const [innermost, ...around] = this.#loaded;
    gl.depthFunc(gl.LEQUAL);
    if (innermost) this.#drawOne(innermost, { glass: false });
    gl.enable(gl.BLEND);
    for (const hull of around) {
      // First only how far away it is, so that then only what is nearest gets a colour.
      gl.colorMask(false, false, false, false);
      this.#drawOne(hull, { glass: true });
      gl.colorMask(true, true, true, true);
      this.#drawOne(hull, { glass: true });
    }
    gl.disable(gl.BLEND);
  }

  #drawOne({ vertices, length, colour }: Loaded, { glass }: { glass: boolean }): void {
    const gl = this.#gl;
    gl.bindVertexArray(vertices);
    gl.uniform3f(this.#at("colour"), ...colour);
    gl.uniform1i(this.#at("glass"), glass ? 1 : 0);
    gl.drawElements(gl.TRIANGLES, length, gl.UNSIGNED_INT, 0);
    gl.bindVertexArray(null);
  }

  #at(uniform: string): WebGLUniformLocation | null {
    return this.#gl.getUniformLocation(this.#program, uniform);
  }

  #unload(): void {
    for (const { vertices, buffers } of this.#loaded) {
      this.#gl.deleteVertexArray(vertices);
      for (const buffer of buffers) this.#gl.deleteBuffer(buffer);
    }
    this.#loaded = [];
  }

  onLost(listener: () => void): void {
    const lost = (event: Event) => {
      event.preventDefault();
      listener();
    };
    this.#canvas.addEventListener("webglcontextlost", lost, { signal: this.#abort.signal });
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.#abort.abort();
    this.#unload();
    this.#gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

/** The direction of the light: from the left and from above, beside the eye. */
function lightFrom(right: Vec3, up: Vec3, towards: Vec3): Vec3 {
  const [x, y, z] = [0, 1, 2].map((axis) => {
    const part = (of: Vec3) => of[axis] as number;
    return -0.45 * part(right) + 0.55 * part(up) + 0.7 * part(towards);
  }) as [number, number, number];
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

/** Give the canvas as many pixels as it has on screen. */
function fitted(canvas: HTMLCanvasElement): { width: number; height: number } {
  const dpr = window.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(canvas.clientWidth * dpr));
  const height = Math.max(1, Math.round(canvas.clientHeight * dpr));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return { width, height };
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) throw new Error("The graphics card gave no shader. Load the page again.");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`The surfaces cannot be drawn: ${gl.getProgramInfoLog(program)}`);
  }
  return program;
}
