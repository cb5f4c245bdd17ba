/** The values of a report's tables as texts. */
import { describe, expect, it } from "vitest";
import type { TableColumn } from "@/api/reports";
import { cellText, cellValue, figure, pValue } from "@/pages/reports/cells";
import { changedVersions } from "@/pages/reports/environment";

const column = (fields: Partial<TableColumn>): TableColumn => ({
  key: "mean",
  title: "Mean",
  unit: "",
  digits: 3,
  spread: "",
  bounds: null,
  form: "number",
  case: "",
  numeric: true,
  ...fields,
});

describe("a report's figures", () => {
  it("show an undefined one as a dash and never as zero", () => {
    expect([figure(null), figure(undefined), figure(0)]).toEqual(["–", "–", "0.000"]);
  });

  it("set a minus as a minus, and infinity as ∞", () => {
    expect([figure(-0.5, 2), figure("inf"), figure("-inf")]).toEqual(["−0.50", "∞", "−∞"]);
    expect([figure(-0.001, 2), figure(-0.01, 2)]).toEqual(["0.00", "−0.01"]);
  });

  it("never say that p is 0", () => {
    expect([pValue(0), pValue(0.0412), pValue(null)]).toEqual(["< 0.001", "0.041", "–"]);
  });
});

describe("a cell", () => {
  it("shows a mean with its SD, and a median with its quartiles", () => {
    const row = { mean: 0.91234, sd: 0.0341, median: -0.5, q1: -0.75, q3: 0.25 };
    expect(cellText(column({ spread: "sd" }), row)).toBe("0.912\u00a0±\u00a00.034");
    expect(cellText(column({ key: "median", digits: 2, bounds: ["q1", "q3"] }), row)).toBe(
      "−0.50 [−0.75, 0.25]",
    );
  });

  it("shows an interval alone, and a dash where nothing is known", () => {
    const interval = column({ key: "", bounds: ["low", "high"] });
    expect(cellText(interval, { low: 0.1, high: 0.2 })).toBe("[0.100, 0.200]");
    expect(cellText(interval, { low: null, high: null })).toBe("–");
    expect(cellText(column({ spread: "sd" }), { mean: null, sd: null })).toBe("–");
  });

  it("sorts by its value, an interval by its lower end, and infinity above all numbers", () => {
    expect(cellValue(column({ key: "", bounds: ["low", "high"] }), { low: 0.1, high: 0.2 })).toBe(0.1);
    expect(cellValue(column({}), { mean: "inf" })).toBe(Number.POSITIVE_INFINITY);
    expect(cellValue(column({}), { mean: null })).toBeNull();
  });
});

describe("two environments", () => {
  it("are told apart by what changed, packages included", () => {
    const before = { python: "3.11.7", packages: { numpy: "2.0", scipy: "1.14" } };
    const after = { python: "3.11.7", packages: { numpy: "2.1", scipy: "1.14" } };
    expect(changedVersions(before, after)).toEqual(["numpy 2.0 → 2.1"]);
    expect(changedVersions({}, { python: "3.12" })).toEqual(["python unknown → 3.12"]);
  });
});
