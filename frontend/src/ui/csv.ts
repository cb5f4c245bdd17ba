/** Tables as files for a spreadsheet. */
import { saveFile } from "./saveFile";

/** What a cell may hold. */
export type CsvValue = string | number | boolean | null | undefined;

/** A text that starts like this would be run as a formula by a spreadsheet. */
const FORMULA = /^[=+\-@\t\r]/;

/** Return rows as CSV (RFC 4180: commas, CRLF); a text that looks like a formula is kept from being one. */
export function toCsv(rows: readonly (readonly CsvValue[])[]): string {
  return rows.map((row) => row.map(field).join(",")).join("\r\n");
}

function field(value: CsvValue): string {
  if (value === null || value === undefined) return "";
  const plain = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** Let the browser save a text as a file. The mark at the start tells spreadsheets that it is UTF-8. */
export function saveCsv(name: string, text: string): void {
  saveFile(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }), `${name}.csv`);
}
