/** The values of a report's tables as texts. */
import type { TableColumn, TableRow, Value } from "@/api/reports";

const INFINITE = "inf";

/** Return a value with its digits: a dash where it is undefined, ∞, a true minus. */
export function figure(value: Value | undefined, digits: number | null = 3): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === INFINITE || value === `-${INFINITE}`) return value === INFINITE ? "∞" : "−∞";
  if (typeof value === "string" || digits === null) return String(value);
  const written = value.toFixed(digits);
  return Number(written) === 0 ? written.replace("-", "") : written.replace("-", "−");
}

/** Return a p-value: never 0. */
export function pValue(value: Value | undefined): string {
  if (typeof value !== "number") return "–";
  return value < 0.001 ? "< 0.001" : value.toFixed(3);
}

/** Return a cell as it is read: a value, with its SD as "0.912 ± 0.034", with bounds as "0.912 [0.880, 0.930]". */
export function cellText({ key, digits, spread, bounds, form }: TableColumn, row: TableRow): string {
  if (form === "p") return pValue(row[key]);
  const ends = bounds?.map((name) => row[name]) ?? [];
  const known = ends.some((end) => end !== null && end !== undefined);
  const interval = known ? `[${ends.map((end) => figure(end, digits)).join(", ")}]` : "";
  if (!key) return interval || "–";
  const value = row[key];
  if (value === null || value === undefined) return "–";
  const sd = spread ? `\u00a0±\u00a0${figure(row[spread], digits)}` : "";
  return `${figure(value, digits)}${sd}${interval && " "}${interval}`;
}

/** Return what a cell sorts by: its value, or its lower bound where it shows bounds alone. */
export function cellValue({ key, bounds }: TableColumn, row: TableRow): Value {
  const value = row[key || (bounds?.[0] ?? "")] ?? null;
  return value === INFINITE ? Number.POSITIVE_INFINITY : value;
}
