/** The questionnaire, driven by data: which questions are shown, what is missing, what a key answers. */
import type { Answers, Question, Rubric } from "@/api/assignment";

/** One place for an answer: a question, and a sequence when it is asked for each. */
export interface Slot {
  readonly question: Question;
  readonly sequence: string | null;
}

/** Return the places for answers that are shown now, in order. */
export function slots(rubric: Rubric, answers: Answers, sequences: readonly string[]): Slot[] {
  return rubric.questions
    .filter((question) => isShown(question, answers))
    .flatMap((question): Slot[] =>
      question.per_sequence
        ? sequences.map((sequence) => ({ question, sequence }))
        : [{ question, sequence: null }],
    );
}

function isShown({ shown_if }: Question, answers: Answers): boolean {
  if (!shown_if) return true;
  const given = answers[shown_if.question];
  const values = typeof given === "object" ? Object.values(given) : given === undefined ? [] : [given];
  return values.some((value) => shown_if.values.includes(value));
}

/** Return the answer in a place, or undefined. */
export function answerIn(answers: Answers, { question, sequence }: Slot): string | undefined {
  const given = answers[question.key];
  if (typeof given === "object") return sequence === null ? undefined : given[sequence];
  return sequence === null ? given : undefined;
}

/** Return the answers with one more. Answers to questions that are no longer shown are dropped. */
export function withAnswer(
  rubric: Rubric,
  answers: Answers,
  { slot, value }: { slot: Slot; value: string },
): Answers {
  const { key } = slot.question;
  const before = answers[key];
  const given =
    slot.sequence === null
      ? value
      : { ...(typeof before === "object" ? before : {}), [slot.sequence]: value };
  const all = { ...answers, [key]: given };
  const shown = rubric.questions.filter((question) => isShown(question, all)).map((question) => question.key);
  return Object.fromEntries(Object.entries(all).filter(([question]) => shown.includes(question)));
}

/** Return the shown places that must be answered and are not. */
export function missing(rubric: Rubric, answers: Answers, sequences: readonly string[]): Slot[] {
  return slots(rubric, answers, sequences).filter(
    (slot) => slot.question.required !== false && !answerIn(answers, slot)?.trim(),
  );
}

/** Return the value that a key chooses in a place, or null. Without hotkeys of its own, 1 is the first option. */
export function valueOfKey({ question }: Slot, key: string): string | null {
  const options = question.options ?? [];
  const chosen = options.find(
    (option, n) => (option.hotkey ?? String(n + 1)).toLowerCase() === key.toLowerCase(),
  );
  return chosen?.value ?? null;
}
