/** Which voxels a tool may change: the active label, what it may paint over, locks and an intensity gate. */

/** Intensities in the order of the labels; the displayed value is raw × slope + intercept. */
export interface Intensities {
  readonly raw: ArrayLike<number>;
  readonly slope: number;
  readonly intercept: number;
}

/** Only voxels whose intensity lies between low and high (both included) may change. */
export interface Gate {
  readonly intensities: Intensities;
  readonly low: number;
  readonly high: number;
}

/** What may be painted over: everything, background only, or the chosen label values. */
export type PaintOver = "everything" | "background" | ReadonlySet<number>;

/** What a person has set for all tools. */
export interface Limits {
  /** Only voxels within this range may change. */
  readonly range: Gate | null;
  /** No label is written where this is 0. Taking labels away is allowed everywhere. */
  readonly brain: Uint8Array | null;
}

/** All that a tool honours, decided before the first voxel of a stroke. */
export interface PaintRule {
  readonly label: number;
  readonly over: PaintOver;
  readonly locked: ReadonlySet<number>;
  /** The tool's own intensity gate. */
  readonly gate: Gate | null;
  readonly limits?: Limits;
}

/** Return, for each of 256 label values, 1 where the rule lets it be replaced. A locked label is never entered. */
export function allowedOver({ label, over, locked }: PaintRule): Uint8Array {
  const allowed = new Uint8Array(256);
  if (locked.has(label)) return allowed;
  for (let value = 0; value < 256; value++) {
    allowed[value] = value !== label && !locked.has(value) && isChosen(over, value) ? 1 : 0;
  }
  return allowed;
}

/** True when a label may be painted over this value. */
export function isChosen(over: PaintOver, value: number): boolean {
  return over === "everything" || (over === "background" ? value === 0 : over.has(value));
}

/** True when a voxel lies within the gate. */
export function passes({ raw, low, high }: RawGate, index: number): boolean {
  const value = raw[index] as number;
  return value >= low && value <= high;
}

/** Return the tool's gate and the person's range, in raw units. */
export function rawGates({ gate, limits }: PaintRule): readonly RawGate[] {
  return [rawGate(gate), rawGate(limits?.range ?? null)].filter((each) => each !== null);
}

/** The gate in raw units, so that the inner loop needs no arithmetic. */
export interface RawGate {
  readonly raw: ArrayLike<number>;
  readonly low: number;
  readonly high: number;
}

/** Return the gate in raw units, or null for no gate. A negative slope turns the bounds round. */
export function rawGate(gate: Gate | null): RawGate | null {
  if (!gate) return null;
  const { raw, slope, intercept } = gate.intensities;
  const a = (gate.low - intercept) / slope;
  const b = (gate.high - intercept) / slope;
  return { raw, low: Math.min(a, b), high: Math.max(a, b) };
}

/** Return the displayed intensity of one voxel; nan outside. */
export function intensityAt({ raw, slope, intercept }: Intensities, index: number): number {
  const value = raw[index];
  return value === undefined ? Number.NaN : value * slope + intercept;
}
