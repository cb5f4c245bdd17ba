/** Numbers as the panels show them. */

/** Return a number with three or four significant digits. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return Math.abs(value) >= 100 ? Math.round(value).toString() : Number(value.toPrecision(3)).toString();
}
