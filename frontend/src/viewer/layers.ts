/** Drawn over the slices on a canvas of its own: lines around labels, outlines of other masks, and maps of values with their contour. */
import {
  type Axis,
  type Contour,
  contoursOf,
  type Grid,
  type Intensities,
  type LabelOutline,
  outlinesOf,
  sliceAt,
  type Vec3,
} from "@/labels";
import { NORMAL, type Tile } from "./viewer";

/** Another mask, shown as a dashed line of one colour around each of its labels. */
export interface OutlineLayer {
  readonly kind: "outline";
  /** One layer of labels on the grid of the picture. */
  readonly labels: Uint8Array;
  readonly colour: string;
}

/** Labels that are not being edited, each as a thin line of its own colour. */
export interface LabelLayer {
  readonly kind: "labels";
  /** One layer of labels on the grid of the picture. */
  readonly labels: Uint8Array;
  /** Grows whenever the labels in the array change. */
  readonly revision: number;
  /** Colour of each label value that is shown; others are not drawn. */
  readonly colours: ReadonlyMap<number, string>;
}

/**
 * Any value per voxel: a probability, the disagreement of raters. `values` lie on the grid of the picture; `highest`
 * is shown brightest, 0 not at all; along `threshold` runs a line.
 */
export interface MapLayer {
  readonly kind: "map";
  readonly values: Intensities;
  readonly highest: number;
  readonly threshold: number | null;
  /** Of the brightest, 0 to 1. */
  readonly opacity: number;
}

/** What can be drawn over slices. */
export type Layer = OutlineLayer | LabelLayer | MapLayer;

/** Dark violet over orange to light yellow, evenly brighter; also told apart without colours. */
const RAMP: readonly (readonly [number, number, number])[] = [
  [60, 15, 110],
  [140, 41, 129],
  [222, 73, 104],
  [254, 159, 109],
  [252, 253, 191],
];
const LINE = "#fcfdbf";

/** How a line is drawn: its width in pixels and opacity, the width of the rim below it and how dark that is. */
interface Pen {
  readonly colour: string;
  readonly dash: number[];
  readonly width: number;
  readonly opacity: number;
  readonly rim: number;
  readonly shade: number;
}

const BROAD = { width: 1.5, opacity: 1, rim: 3, shade: 0.55 };
/** Fainter than the outline of the labels that are being edited, which is one pixel wide. */
const FAINT = { width: 1, opacity: 0.75, rim: 2, shade: 0.2 };

/** Draws layers, and keeps what it made of each slice while that is on screen. */
export class LayerPainter {
  readonly #grid: Grid;
  #kept = new Map<string, unknown>();

  constructor(grid: Grid) {
    this.#grid = grid;
  }

  /** Draw the layers anew. The context is in CSS pixels. */
  draw(
    ctx: CanvasRenderingContext2D,
    { tiles, position, layers }: { tiles: readonly Tile[]; position: Vec3; layers: readonly Layer[] },
  ): void {
    ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
    const before = this.#kept;
    this.#kept = new Map();
    for (const tile of tiles) {
      const { left, top, width, height } = tile.rect;
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, top, width, height);
      ctx.clip();
      const place = { axis: NORMAL[tile.plane], at: Math.round(position[NORMAL[tile.plane]]), tile };
      for (const layer of layers) this.#drawLayer(ctx, layer, { ...place, before });
      ctx.restore();
    }
  }

  #drawLayer(ctx: CanvasRenderingContext2D, layer: Layer, place: Place): void {
    if (layer.kind === "outline") {
      for (const { lines } of this.#outlines(layer, "lines", place))
        stroke(ctx, lines, place, { colour: layer.colour, dash: [5, 4], ...BROAD });
      return;
    }
    if (layer.kind === "labels") {
      for (const { value, lines } of this.#outlines(layer, `lines ${layer.revision}`, place)) {
        const colour = layer.colours.get(value);
        if (colour !== undefined) stroke(ctx, lines, place, { colour, dash: [], ...FAINT });
      }
      return;
    }
    const image = this.#keep(layer, `image ${layer.highest}`, place, () => this.#image(layer, place));
    if (image) drawImage(ctx, image, { ...place, opacity: layer.opacity });
    if (layer.threshold === null) return;
    const lines = this.#keep(layer, `line ${layer.threshold}`, place, () =>
      contoursOf(this.#values(layer, place), layer.threshold ?? 1),
    );
    stroke(ctx, lines, place, { colour: LINE, dash: [], ...BROAD });
  }

  /** Return what was made of this slice of these very values before, or make it. */
  #keep<T>(layer: Layer, what: string, { axis, at, before }: Place, make: () => T): T {
    const source = layer.kind === "map" ? layer.values.raw : layer.labels;
    const key = `${numberOf(source)} ${layer.kind} ${what} ${axis} ${at}`;
    const kept = before.has(key) ? (before.get(key) as T) : make();
    this.#kept.set(key, kept);
    return kept;
  }

  #outlines(layer: OutlineLayer | LabelLayer, what: string, place: Place): readonly LabelOutline[] {
    return this.#keep(layer, what, place, () => outlinesOf(sliceAt(this.#grid, layer.labels, place)));
  }

  #values({ values: { raw, slope, intercept } }: MapLayer, { axis, at }: Place) {
    return sliceAt(this.#grid, raw, { axis, at, read: (stored) => stored * slope + intercept });
  }

  #image(layer: MapLayer, place: Place): HTMLCanvasElement | null {
    const { width, height, values } = this.#values(layer, place);
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const ctx = canvas.getContext("2d");
    if (!ctx) return null;
    ctx.putImageData(new ImageData(coloursOf(values, layer.highest), width, height), 0, 0);
    return canvas;
  }
}

interface Place {
  readonly tile: Tile;
  readonly axis: Axis;
  readonly at: number;
  readonly before: ReadonlyMap<string, unknown>;
}

const NUMBERS = new WeakMap<object, number>();
let numbered = 0;

/** Number arrays by identity: the same array keeps its number, another one gets another. */
function numberOf(array: ArrayLike<number>): number {
  const known = NUMBERS.get(array);
  if (known !== undefined) return known;
  NUMBERS.set(array, ++numbered);
  return numbered;
}

/** Return RGBA of each value: along the ramp, and the more to be seen the higher it is. */
export function coloursOf(values: Float32Array, highest: number): Uint8ClampedArray<ArrayBuffer> {
  const colours = new Uint8ClampedArray(values.length * 4);
  for (let n = 0; n < values.length; n++) {
    const part = Math.min(1, Math.max(0, (values[n] as number) / highest));
    if (part === 0) continue;
    const step = part * (RAMP.length - 1);
    const low = RAMP[Math.floor(step)] as readonly [number, number, number];
    const high = RAMP[Math.min(RAMP.length - 1, Math.floor(step) + 1)] as readonly [number, number, number];
    const rest = step - Math.floor(step);
    const mixed = low.map((channel, c) => channel + ((high[c] as number) - channel) * rest);
    colours.set([...mixed, 255 * Math.min(1, part * 1.5)], n * 4);
  }
  return colours;
}

/** Where a point of the slice lies on screen. */
function onScreen({ tile, axis, at }: Place, u: number, v: number): readonly [number, number] {
  if (axis === 0) return tile.toScreen([at, u, v]);
  return axis === 1 ? tile.toScreen([u, at, v]) : tile.toScreen([u, v, at]);
}

function stroke(
  ctx: CanvasRenderingContext2D,
  lines: readonly Contour[],
  place: Place,
  { colour, dash, width, opacity, rim, shade }: Pen,
): void {
  ctx.beginPath();
  for (const line of lines) {
    for (let n = 0; n < line.length; n += 2) {
      const [x, y] = onScreen(place, line[n] as number, line[n + 1] as number);
      if (n === 0) ctx.moveTo(x, y);
      else ctx.lineTo(x, y);
    }
    ctx.closePath();
  }
  ctx.setLineDash(dash);
  ctx.lineWidth = rim;
  ctx.strokeStyle = `rgba(0, 0, 0, ${shade})`;
  ctx.stroke();
  ctx.lineWidth = width;
  ctx.strokeStyle = colour;
  ctx.globalAlpha = opacity;
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
}

function drawImage(
  ctx: CanvasRenderingContext2D,
  image: HTMLCanvasElement,
  { opacity, ...place }: Place & { opacity: number },
): void {
  const [x, y] = onScreen(place, -0.5, -0.5);
  const [ux, uy] = onScreen(place, 0.5, -0.5);
  const [vx, vy] = onScreen(place, -0.5, 0.5);
  ctx.save();
  ctx.transform(ux - x, uy - y, vx - x, vy - y, x, y);
  ctx.globalAlpha = opacity;
  ctx.drawImage(image, 0, 0);
  ctx.restore();
}
