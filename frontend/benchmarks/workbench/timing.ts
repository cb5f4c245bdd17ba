/** Clocks of the benchmark's page. */

/** Script time in ms, and how many voxels were painted. */
export interface Span {
  readonly script: number;
  readonly voxels: number;
}

interface Probe {
  readonly callMs: Readonly<Record<string, number>>;
}

/** Return the time spent in one kind of WebGL call since now; the probe of the benchmark sums it up. */
export function spanOf(call: string): { ms(): number } {
  const { callMs } = (window as unknown as { overreadProbe: Probe }).overreadProbe;
  const before = callMs[call] ?? 0;
  return { ms: () => (callMs[call] ?? 0) - before };
}

/** Wait until the next frame was drawn. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
}

/** Return the median. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
