/** Names by id, from what a report froze, and its numbers as texts. */
import type { ReportInputs } from "@/api/reports";

/** Look-ups that every table shares. */
export interface Names {
  readonly rater: (id: number) => string;
  readonly group: (id: number) => string;
  readonly region: (key: string) => string;
  readonly case: (id: number) => string;
}

/** Return the names of a report. Something that is not named keeps its id. */
export function namesIn({ raters, cases, study, asked_cases = [], asked_raters = [] }: ReportInputs): Names {
  const raterById = new Map(raters.map((one) => [one.id, one]));
  const caseById = new Map(
    [...asked_cases, ...cases].map((one) => [one.id, `${one.patient} · ${one.time_point}`]),
  );
  const askedById = new Map(asked_raters.map((one) => [one.id, one.name]));
  const { labels, regions } = study.definition;
  const regionByKey = new Map([...labels, ...regions].map((one) => [one.key, one.name]));
  return {
    rater: (id) => raterById.get(id)?.name ?? askedById.get(id) ?? `rater ${id}`,
    group: (id) => raterById.get(id)?.group ?? "",
    region: (key) => regionByKey.get(key) ?? key,
    case: (id) => caseById.get(id) ?? `case ${id}`,
  };
}

/** Return a figure with its digits, or a dash where it is undefined. */
export function figure(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined) return "–";
  return value.toFixed(digits).replace("-", "−");
}

/** Return "0.912 ± 0.034"; a spread that is undefined is a dash. */
export function meanAndSpread(mean: number | null, sd: number | null, digits = 3): string {
  return mean === null ? "–" : `${figure(mean, digits)} ± ${figure(sd, digits)}`;
}

/** Return "0.912 [0.880, 0.930]". */
export function withBounds(
  value: number | null | undefined,
  low: number | null | undefined,
  high: number | null | undefined,
  digits = 3,
): string {
  if (value === null || value === undefined) return "–";
  return `${figure(value, digits)} [${figure(low, digits)}, ${figure(high, digits)}]`;
}
