/** Numbers as a person reads them, with their units. */

const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Return bytes as "1.4 MB" (powers of 1000). */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${BYTE_UNITS[unit]}`;
}

/** Return seconds as "< 1 s", "45 s", "3 min 20 s" or "2 h 5 min". */
export function formatDuration(seconds: number): string {
  if (seconds > 0 && seconds < 1) return "< 1 s";
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** Return a volume in millilitres, with three digits that mean something: "0.42 ml", "12.3 ml", "145 ml". */
export function formatMl(ml: number): string {
  if (ml === 0) return "0 ml";
  const digits = ml < 1 ? 2 : ml < 100 ? 1 : 0;
  return `${ml.toFixed(digits)} ml`;
}

/** Return "1 case" or "5 cases". */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Return voxel counts or spacings as "240 × 240 × 155". */
export function formatTriple(values: readonly number[], digits = 0): string {
  return values.map((value) => Number(value.toFixed(digits))).join(" × ");
}
