/** A study's agreement on screen: every figure with its n, every point a way to its case. */
import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { beforeAll, expect, it, vi } from "vitest";
import type { StudyAgreement } from "@/api/agreement";
import type { Study } from "@/api/studies";
import { NothingYet } from "@/pages/studies/agreement/Agreement";
import { HeatMap } from "@/pages/studies/agreement/HeatMap";
import { METRICS, show, ticksOf } from "@/pages/studies/agreement/metrics";
import { Scores } from "@/pages/studies/agreement/Scores";
import { Strips } from "@/pages/studies/agreement/Strips";
import { Volumes } from "@/pages/studies/agreement/Volumes";

vi.mock("@mantine/hooks", async (original) => ({
  ...(await original<typeof import("@mantine/hooks")>()),
  useElementSize: () => ({ ref: () => {}, width: 500, height: 300 }),
}));

const mean = (value: number | null, n: number, more = {}) => ({
  mean: value,
  n,
  n_infinite: 0,
  n_undefined: 0,
  ...more,
});
const overlaps = { dice: 0.9, jaccard: 0.8 };

const AGREEMENT: StudyAgreement = {
  study: 1,
  region: "wt",
  regions: [{ key: "wt", name: "Whole tumour" }],
  tolerance_mm: 2,
  raters: [
    { id: 1, name: "Eva", kind: "human", group: "expert" },
    { id: 2, name: "Nora", kind: "human", group: "novice" },
  ],
  cases: [{ id: 7, patient: "P0007", time_point: "pre-operative", readers: 2, state: "current", error: "" }],
  scores: [{ rater: 2, counts: { "3": 2, "5": 1 }, n: 3, mean: 11 / 3 }],
  readings: [
    {
      case: 7,
      rater: 1,
      segmentation: 70,
      volume_ml: 10,
      consensus_ml: 9,
      consensus: { ...overlaps, hausdorff95: null, surface_dice: 0.7 },
      others: overlaps,
    },
  ],
  pairs: [
    {
      first: 1,
      second: 2,
      dice: mean(0.876, 5, { n_undefined: 1 }),
      jaccard: mean(0.78, 5),
      hausdorff95: mean(null, 0, { n_infinite: 2 }),
      surface_dice: mean(0.9, 5),
    },
  ],
  means: [
    {
      rater: 1,
      read: 1,
      consensus: {
        dice: mean(0.9, 1),
        jaccard: mean(0.8, 1),
        hausdorff95: mean(null, 0),
        surface_dice: mean(0.7, 1),
      },
      others: { dice: mean(0.9, 1), jaccard: mean(0.8, 1) },
    },
  ],
  volumes: [],
  icc: { form: "ICC(A,1)", n_cases: 1, n_raters: 2, value: null, low: null, high: null, note: "" },
  disagreement: [],
};

beforeAll(() => {
  window.matchMedia ??= (() => ({
    matches: false,
    addEventListener() {},
    removeEventListener() {},
  })) as never;
});

function put(what: React.ReactNode) {
  return render(
    <MantineProvider>
      <MemoryRouter>{what}</MemoryRouter>
    </MantineProvider>,
  );
}

it("shows the mean of a pair on both sides of the diagonal and nothing on it", () => {
  put(<HeatMap agreement={AGREEMENT} />);
  expect(screen.getAllByText("0.88")).toHaveLength(2);
  expect(screen.getAllByLabelText("the same rater")).toHaveLength(2);
});

it("opens the case with the mask that a point stands for, for those who may open cases", () => {
  const { unmount } = put(<Strips agreement={AGREEMENT} opens />);
  const point = screen.getByRole("link", { name: /Eva, P0007 · pre-operative: Jaccard 0.800/ });
  expect(point.getAttribute("href")).toBe("/cases/7?segmentation=70");
  unmount();
  put(<Strips agreement={AGREEMENT} opens={false} />);
  expect(screen.queryByRole("link")).toBeNull();
});

it("counts scores by rater with mean and n", () => {
  put(<Scores agreement={AGREEMENT} />);
  expect(screen.getByRole("row", { name: /Nora 2 1 3.67 3/ })).toBeTruthy();
});

it("writes a figure with its unit and a dash where there is none", () => {
  expect(show(3.25, METRICS.hausdorff95)).toBe("3.3 mm");
  expect(show(null, METRICS.dice)).toBe("–");
});

it.each([
  [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [-7, 7, [-5, 0, 5]],
  [0, 0, [0]],
])("divides an axis from %d to %d at round numbers", (low, high, ticks) => {
  expect(ticksOf(low, high)).toEqual(ticks);
});

it.each([
  ["draft", "This study has not started", "Go to the settings", "/studies/3/settings"],
  ["running", "No reading is in yet", "See who reads what", "/studies/3/board"],
])("says of a %s study without readings what to do", (state, title, action, address) => {
  const study = { id: 3, state, roles: ["lead"] } as unknown as Study;
  render(
    <MantineProvider>
      <MemoryRouter>
        <NothingYet study={study} />
      </MemoryRouter>
    </MantineProvider>,
  );
  expect(screen.queryByText(title)).not.toBeNull();
  expect(screen.getByRole("link", { name: action }).getAttribute("href")).toBe(address);
});

it.each([
  [{ n_cases: 2 }, "needs two people and three cases that all of them have read; there are 2 and 2."],
  [{ n_cases: 4, note: "Undefined: the subjects hardly differ." }, "Undefined: the subjects hardly differ."],
  [{ n_cases: 4, value: 0.91234, low: 0.7, high: 0.99 }, "0.912 [0.700, 0.990], 2 people, 4 cases."],
])("says the correlation of volumes, or what it needs: %o", (found, text) => {
  const icc = { ...AGREEMENT.icc, ...found };
  render(
    <MantineProvider>
      <MemoryRouter>
        <Volumes agreement={{ ...AGREEMENT, icc }} opens={false} />
      </MemoryRouter>
    </MantineProvider>,
  );
  expect(screen.getByText(`ICC(A,1) of the people's volumes: ${text}`)).toBeDefined();
});
