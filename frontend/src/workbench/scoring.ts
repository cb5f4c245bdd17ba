/** The questionnaire in progress: which place is asked now, and what an answer does. */
import { type Answer, type Answers, NOT_ASSESSED } from "@/api/assignment";
import type { Bench } from "./bench";
import { Cell } from "./cell";
import { answerIn, answerOfKey, missing, reasonNotAssessed, type Slot, slots, withAnswer } from "./rubric";

export class Scoring {
  /** The number of the place that is asked now. */
  readonly current = new Cell(0);
  readonly #bench: Bench;
  /** The answers before somebody said that the mask cannot be assessed. */
  #answered: Answers = {};

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  get #sequences(): readonly string[] {
    return this.#bench.work.assignment.series.map((series) => series.sequence);
  }

  /** The places for answers that are shown now. */
  slots(): readonly Slot[] {
    const { rubric } = this.#bench.work.assignment;
    return rubric ? slots(rubric, this.#bench.work.answers.get(), this.#sequences) : [];
  }

  /** What is still to be answered. */
  missing(): readonly Slot[] {
    const { rubric } = this.#bench.work.assignment;
    return rubric ? missing(rubric, this.#bench.work.answers.get(), this.#sequences) : [];
  }

  /** Ask a place; a question about one sequence shows that sequence. */
  goTo(place: number): void {
    const slot = this.slots()[place];
    if (!slot) return;
    this.current.set(place);
    if (slot.sequence) this.#bench.showSequence(slot.sequence);
  }

  /** Keep an answer and go to the next place without one. */
  answer(slot: Slot, value: Answer): void {
    const { rubric } = this.#bench.work.assignment;
    if (!rubric || this.#bench.work.editor.state.get().readOnly) return;
    const { answers } = this.#bench.work;
    answers.set(withAnswer(rubric, answers.get(), { slot, value }));
    this.#goToNext(slot);
  }

  #goToNext(slot: Slot): void {
    const all = this.slots();
    const here = all.findIndex(
      (each) => each.question.key === slot.question.key && each.sequence === slot.sequence,
    );
    const open = (each: Slot) => answerIn(this.#bench.work.answers.get(), each) === undefined;
    const later = all.findIndex((each, n) => n > here && open(each));
    const next = later >= 0 ? later : all.findIndex(open);
    this.goTo(next >= 0 ? next : here);
  }

  /** Let a key answer the place that is asked. Returns false when it is no answer there. */
  press(key: string): boolean {
    const slot = this.slots()[this.current.get()];
    const value = slot && answerOfKey(slot, key);
    if (!slot || value === undefined) return false;
    this.answer(slot, value);
    return true;
  }

  /** Show the questions, at one of them or at the first without an answer. */
  enter(at?: Slot): void {
    this.#bench.scoring.set(true);
    const answers = this.#bench.work.answers.get();
    const wanted = (slot: Slot) =>
      at
        ? slot.question.key === at.question.key && slot.sequence === at.sequence
        : answerIn(answers, slot) === undefined;
    this.goTo(Math.max(0, this.slots().findIndex(wanted)));
  }

  /** Why the mask cannot be assessed, or null while the questions are answered. */
  get notAssessed(): string | null {
    return reasonNotAssessed(this.#bench.work.answers.get());
  }

  /** Say why the mask cannot be assessed, in place of all answers; null goes back to them. */
  refuse(reason: string | null): void {
    const { answers, editor } = this.#bench.work;
    if (editor.state.get().readOnly) return;
    if (this.notAssessed === null) this.#answered = answers.get();
    answers.set(reason === null ? this.#answered : { [NOT_ASSESSED]: reason });
  }

  leave(): void {
    this.#bench.scoring.set(false);
  }
}
