/** What a preview says as a whole: what would be stored, and why it cannot be stored yet. */
import type { Row } from "@/api/imports";
import { formatCount } from "@/ui/format";

/** What confirming would make of the rows. */
export interface Review {
  readonly included: number;
  readonly cases: number;
  readonly images: number;
  readonly masks: number;
  readonly problems: number;
  readonly faces: number;
  /** Why confirming is not possible; "" when it is. */
  readonly hindrance: string;
}

/** Return the sums over the included rows, and what hinders storing them. */
export function review(rows: readonly Row[]): Review {
  const included = rows.filter(({ include }) => include);
  const problems = included.filter(({ problem }) => problem !== "").length;
  const masks = included.filter(({ role }) => role === "mask").length;
  const cases = new Set(
    included.map((row) => [row.patient, row.time_point, row.follow_up_number].join("\n")),
  );
  return {
    included: included.length,
    cases: cases.size,
    images: included.length - masks,
    masks,
    problems,
    faces: included.filter(({ face }) => face).length,
    hindrance: hindranceOf(included.length, problems),
  };
}

function hindranceOf(included: number, problems: number): string {
  if (included === 0) return "No row is included: there is nothing to store.";
  if (problems > 0) {
    return `${formatCount(problems, "included row has", "included rows have")} a problem. Correct or leave out.`;
  }
  return "";
}
