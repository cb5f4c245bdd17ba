/** A report's numbers and names as texts. */
import { describe, expect, it } from "vitest";
import { figure, meanAndSpread, namesIn, withBounds } from "@/pages/reports/names";
import { regionsOf } from "@/pages/studies/reports/regions";

describe("a report's texts", () => {
  it("shows an undefined figure as a dash and never as zero", () => {
    expect([figure(null), figure(undefined), figure(0)]).toEqual(["–", "–", "0.000"]);
    expect(meanAndSpread(null, null)).toBe("–");
    expect(meanAndSpread(0.91234, null)).toBe("0.912 ± –");
    expect(withBounds(null, 0.1, 0.2)).toBe("–");
  });

  it("sets a minus as a minus", () => {
    expect(withBounds(-0.5, -0.75, 0.25, 2)).toBe("−0.50 [−0.75, 0.25]");
  });

  it("names raters, cases and regions by what was frozen, and falls back on the id", () => {
    const names = namesIn({
      study: {
        definition: {
          labels: [{ key: "et", name: "Enhancing tumour" }],
          regions: [{ key: "wt", name: "Whole tumour" }],
        },
        scheme_name: "BraTS",
        protocol_version: 1,
      },
      parameters: { regions: ["wt"], tie: "background", both_empty: "leave_out", seed: 1 },
      raters: [{ id: 4, name: "Dr Eva", kind: "human", group: "expert" }],
      cases: [{ id: 2, patient: "P-01", time_point: "pre-operative" }],
      code_version: "1",
    });
    expect([names.rater(4), names.group(4), names.rater(5)]).toEqual(["Dr Eva", "expert", "rater 5"]);
    expect([names.region("wt"), names.region("et"), names.region("xx")]).toEqual([
      "Whole tumour",
      "Enhancing tumour",
      "xx",
    ]);
    expect([names.case(2), names.case(9)]).toEqual(["P-01 · pre-operative", "case 9"]);
  });
});

describe("the regions of a scheme", () => {
  it("are its labels and its unions, each key once", () => {
    const row = (key: string, name: string) => ({ key, name });
    const definition = {
      labels: [row("et", "ET"), row("ed", "ED")],
      regions: [row("wt", "WT"), row("et", "ET again")],
    };
    expect(regionsOf(definition).map(({ key }) => key)).toEqual(["et", "ed", "wt"]);
  });

  it("are none of what is no scheme", () => {
    expect([regionsOf(undefined), regionsOf("x"), regionsOf({ labels: 3, regions: [null, {}] })]).toEqual([
      [],
      [],
      [],
    ]);
  });
});
