/** What the figures of a study's agreement are called, in which unit, and how they are drawn. */
import type { AgreementRater, AgreementReading, Mean, Metric, StudyAgreement } from "@/api/agreement";

/** How one measure is named and scaled. */
export interface MetricLook {
  readonly name: string;
  readonly unit: "" | "mm";
  readonly digits: number;
  /** False where small is good. */
  readonly highIsGood: boolean;
}

/** The measures, in the order of the menus. */
export const METRICS: Readonly<Record<Metric, MetricLook>> = {
  dice: { name: "Dice", unit: "", digits: 2, highIsGood: true },
  jaccard: { name: "Jaccard", unit: "", digits: 2, highIsGood: true },
  hausdorff95: { name: "HD95", unit: "mm", digits: 1, highIsGood: false },
  surface_dice: { name: "Surface Dice", unit: "", digits: 2, highIsGood: true },
};

/** Groups of raters in their order, with the colours that reports use too. */
export const GROUPS: readonly { readonly key: string; readonly name: string; readonly colour: string }[] = [
  { key: "expert", name: "Experts", colour: "#0072B2" },
  { key: "novice", name: "Novices", colour: "#E69F00" },
  { key: "model", name: "Models", colour: "#D55E00" },
];

const OTHER = { key: "", name: "Others", colour: "#66717d" };

/** Return the group of a rater. */
export function groupOf(rater: AgreementRater) {
  return GROUPS.find(({ key }) => key === rater.group) ?? OTHER;
}

/** What each reading is compared with. */
export type Against = "others" | "consensus";

/** A comparison that a strip plot can show. */
export interface Comparison {
  readonly metric: Metric;
  readonly against: Against;
}

/** The comparisons that are there, by the value of the menu. */
export const COMPARISONS: Readonly<Record<string, Comparison & { readonly label: string }>> = {
  "jaccard:others": { metric: "jaccard", against: "others", label: "Jaccard with the others' majority" },
  "dice:others": { metric: "dice", against: "others", label: "Dice with the others' majority" },
  "jaccard:consensus": {
    metric: "jaccard",
    against: "consensus",
    label: "Jaccard with everybody's majority",
  },
  "dice:consensus": { metric: "dice", against: "consensus", label: "Dice with everybody's majority" },
  "hausdorff95:consensus": {
    metric: "hausdorff95",
    against: "consensus",
    label: "HD95 to everybody's majority (mm)",
  },
  "surface_dice:consensus": {
    metric: "surface_dice",
    against: "consensus",
    label: "Surface Dice with everybody's majority",
  },
};

/** Return a reading's figure, null where it is undefined. */
export function figureOf(reading: AgreementReading, { metric, against }: Comparison): number | null {
  if (against === "consensus") return reading.consensus?.[metric] ?? null;
  return metric === "dice" || metric === "jaccard" ? (reading.others?.[metric] ?? null) : null;
}

/** Return a rater's mean over cases, with what it leaves out. */
export function meanOf(
  { means }: Pick<StudyAgreement, "means">,
  rater: number,
  { metric, against }: Comparison,
): Mean | null {
  const row = means.find((one) => one.rater === rater);
  if (against === "consensus") return row?.consensus[metric] ?? null;
  return metric === "dice" || metric === "jaccard" ? (row?.others[metric] ?? null) : null;
}

/** Return a figure with its unit, or a dash. */
export function show(value: number | null, { digits, unit }: MetricLook): string {
  if (value === null) return "–";
  return unit ? `${value.toFixed(digits)} ${unit}` : value.toFixed(digits);
}

/** Return "P0004 · pre-operative" for a case. */
export function caseName({ cases }: Pick<StudyAgreement, "cases">, id: number): string {
  const found = cases.find((one) => one.id === id);
  return found ? `${found.patient} · ${found.time_point}` : `case ${id}`;
}

/** Return a round step that divides a range into about `wanted` parts, and its multiples inside. */
export function ticksOf(low: number, high: number, wanted = 5): readonly number[] {
  const rough = (high - low) / wanted || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 10 * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}
