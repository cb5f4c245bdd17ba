/** The questionnaire, driven by data: which questions are shown, what is missing, what a key answers. */
import {
  type Answer,
  type AnswerOption,
  type Answers,
  NOT_ASSESSED,
  type Question,
  type Rubric,
} from "@/api/assignment";

/** One place for an answer: a question, and a sequence when it is asked for each. */
export interface Slot {
  readonly question: Question;
  readonly sequence: string | null;
}

/** A choice as it is offered: what is stored, what people read, which key chooses it. */
export interface Offer {
  readonly value: Answer;
  readonly text: string;
  readonly hotkey: string;
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
  return shown_if === null || answers[shown_if.question] === shown_if.equals;
}

/** Return the answer in a place, or undefined. */
export function answerIn(answers: Answers, { question, sequence }: Slot): Answer | undefined {
  const given = answers[question.key];
  if (typeof given === "object") return sequence === null ? undefined : given[sequence];
  return sequence === null ? given : undefined;
}

/** Return the answers with one more. Answers to questions that are no longer shown are dropped. */
export function withAnswer(
  rubric: Rubric,
  answers: Answers,
  { slot, value }: { slot: Slot; value: Answer },
): Answers {
  const { key } = slot.question;
  const before = answers[key];
  const given =
    slot.sequence === null
      ? value
      : { ...(typeof before === "object" ? before : {}), [slot.sequence]: value };
  return onlyShown(rubric, { ...answers, [key]: given });
}

/** Dropping one answer can hide a later question, whose answer then goes too: questions come in order. */
function onlyShown(rubric: Rubric, answers: Answers): Answers {
  const kept: Record<string, Answers[string]> = {};
  for (const question of rubric.questions) {
    const given = answers[question.key];
    if (given !== undefined && isShown(question, kept)) kept[question.key] = given;
  }
  return kept;
}

/** Return why the mask cannot be assessed, or null when the questions are answered. */
export function reasonNotAssessed(answers: Answers): string | null {
  const reason = answers[NOT_ASSESSED];
  return typeof reason === "string" ? reason : null;
}

/** Return the shown places without an answer: none when the mask cannot be assessed. */
export function missing(rubric: Rubric, answers: Answers, sequences: readonly string[]): Slot[] {
  if (reasonNotAssessed(answers) !== null) return [];
  return slots(rubric, answers, sequences).filter((slot) => answerIn(answers, slot) === undefined);
}

/** Return what can be answered in a place, each with one key: its own, or its number. */
export function offers({ kind, options = [], minimum = 0, maximum = 0 }: Question): Offer[] {
  if (kind === "integer") {
    return Array.from({ length: maximum - minimum + 1 }, (_, n) => {
      const value = minimum + n;
      return { value, text: String(value), hotkey: String(value) };
    });
  }
  return options.map((option, n) => {
    const hotkey = option.hotkey || String(n + 1);
    // "4 Very good" beside the key 4 would read "4 4 Very good".
    const text = option.text.startsWith(`${hotkey} `) ? option.text.slice(hotkey.length + 1) : option.text;
    return { value: storedValue(kind, option), text, hotkey };
  });
}

function storedValue(kind: Question["kind"], { key }: AnswerOption): Answer {
  return kind === "boolean" ? key === "yes" : key;
}

/** Return the answer that a key gives in a place, or undefined. */
export function answerOfKey({ question }: Slot, key: string): Answer | undefined {
  return offers(question).find((offer) => offer.hotkey.toLowerCase() === key.toLowerCase())?.value;
}
