import { describe, expect, it } from "vitest";
import { toCsv } from "@/ui/csv";
import { formatBytes, formatDuration, formatMl } from "@/ui/format";
import { timeAgo } from "@/ui/TimeAgo";
import { arrange } from "@/ui/tableRows";

interface Person {
  readonly name: string;
  readonly years: number | null;
}
const PEOPLE: readonly Person[] = [
  { name: "case 10", years: null },
  { name: "case 9", years: 3 },
  { name: "Case 1", years: 12 },
];
const COLUMNS = [
  { key: "name", value: ({ name }: Person) => name },
  { key: "years", value: ({ years }: Person) => years },
];

describe("rows of a table", () => {
  it("sorts texts with numbers in them as people do", () => {
    expect(arrange(PEOPLE, COLUMNS, "name", "").map(({ name }) => name)).toEqual([
      "Case 1",
      "case 9",
      "case 10",
    ]);
  });

  it("keeps empty values last in both directions", () => {
    expect(arrange(PEOPLE, COLUMNS, "years", "").map(({ years }) => years)).toEqual([3, 12, null]);
    expect(arrange(PEOPLE, COLUMNS, "-years", "").map(({ years }) => years)).toEqual([12, 3, null]);
  });

  it("keeps the rows that hold every searched word in any column", () => {
    expect(arrange(PEOPLE, COLUMNS, "", "CASE 12").map(({ name }) => name)).toEqual(["Case 1"]);
  });
});

describe("CSV", () => {
  it("quotes what must be quoted and keeps a formula from being one", () => {
    expect(toCsv([["a,b", 'say "x"', "=1+1", -2, null, true]])).toBe(`"a,b","say ""x""",'=1+1,-2,,true`);
  });
});

describe("numbers in words", () => {
  it("carries units", () => {
    expect([formatBytes(999), formatBytes(1_400), formatBytes(999_900)]).toEqual([
      "999 B",
      "1.4 kB",
      "1.0 MB",
    ]);
    expect([formatDuration(0.04), formatDuration(45), formatDuration(200), formatDuration(7_500)]).toEqual([
      "< 1 s",
      "45 s",
      "3 min 20 s",
      "2 h 5 min",
    ]);
    expect([formatMl(0), formatMl(0.42), formatMl(12.34), formatMl(145.2)]).toEqual([
      "0 ml",
      "0.42 ml",
      "12.3 ml",
      "145 ml",
    ]);
  });

  it("says how long ago", () => {
    const now = new Date("2026-01-02T12:00:00Z");
    expect(timeAgo(new Date("2026-01-02T09:00:00Z"), now)).toBe("3 hours ago");
    expect(timeAgo(new Date("2026-01-02T11:59:40Z"), now)).toBe("just now");
  });
});
