/** The words of studies, the same in every tab. */
import type { StudyFields } from "@/api/studies";

/** The key of a preset of questions, or "" for none. */
export type RubricKey = NonNullable<StudyFields["rubric"]>;

/** The questionnaires that a study can use. */
export const RUBRICS: readonly { readonly value: RubricKey; readonly label: string }[] = [
  { value: "tl5", label: "Five-point quality scale" },
  { value: "likert5", label: "Plain 1–5 scale" },
  { value: "yes_no", label: "Yes/no list" },
  { value: "", label: "No score" },
];

/** Return a rubric's name. */
export function rubricName(key: string): string {
  return RUBRICS.find(({ value }) => value === key)?.label ?? key;
}
