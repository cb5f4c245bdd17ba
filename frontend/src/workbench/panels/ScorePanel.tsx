/** Right, instead of the tools: the questions about the mask as it was given, one key per answer. */
import { Button, Progress, Text, UnstyledButton } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { Answer, Rubric } from "@/api/assignment";
import type { Bench } from "../bench";
import { useCell } from "../cell";
import { answerIn, offers, reasonNotAssessed, type Slot } from "../rubric";
import type { Scoring } from "../scoring";
import { NotAssessed, Refusal } from "./NotAssessed";
import classes from "./panels.module.css";
import { Section } from "./Section";

export function ScorePanel({ bench, scoring, rubric }: { bench: Bench; scoring: Scoring; rubric: Rubric }) {
  const answers = useCell(bench.work.answers);
  const current = useCell(scoring.current);
  const all = scoring.slots();
  const done = all.filter((slot) => answerIn(answers, slot) !== undefined).length;
  const reason = reasonNotAssessed(answers);
  if (reason !== null) {
    return (
      <Section title={rubric.name} note="not assessed">
        <NotAssessed reason={reason} scoring={scoring} />
      </Section>
    );
  }
  return (
    <Section title={rubric.name} note={`${done} of ${all.length}`}>
      <Progress size={3} value={all.length === 0 ? 100 : (100 * done) / all.length} aria-label="Answered" />
      <Text size="xs" c="dimmed">
        You score the mask as it was given to you; your own changes are hidden here and come back when you
        edit.
      </Text>
      {all.map((slot, n) => (
        <div key={`${slot.question.key} ${slot.sequence ?? ""}`} className={classes.given}>
          {slot.sequence && all[n - 1]?.question !== slot.question && (
            <div className={classes.asked}>{slot.question.text}</div>
          )}
          <QuestionBlock
            slot={slot}
            given={answerIn(answers, slot)}
            isCurrent={n === current}
            onFocus={() => scoring.goTo(n)}
            onAnswer={(value) => scoring.answer(slot, value)}
          />
        </div>
      ))}
      {done === all.length && (
        <Button size="xs" leftSection={<IconCheck size={15} />} onClick={() => scoring.leave()}>
          All answered: back to editing
        </Button>
      )}
      <Refusal scoring={scoring} />
    </Section>
  );
}

function QuestionBlock({
  slot,
  given,
  isCurrent,
  onFocus,
  onAnswer,
}: {
  slot: Slot;
  given: Answer | undefined;
  isCurrent: boolean;
  onFocus: () => void;
  onAnswer: (value: Answer) => void;
}) {
  const block = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    if (isCurrent) block.current?.scrollIntoView?.({ block: "nearest" });
  }, [isCurrent]);
  const choices = offers(slot.question);
  const chosen = choices.find((offer) => offer.value === given);
  if (!isCurrent) {
    return (
      <UnstyledButton className={classes.answered ?? ""} onClick={onFocus}>
        <span className={slot.sequence ? classes.labelText : classes.wrapped}>
          {slot.sequence ?? slot.question.text}
        </span>
        <span className={classes.chosenText}>{chosen?.text ?? "–"}</span>
      </UnstyledButton>
    );
  }
  return (
    <fieldset ref={block} className={classes.question} data-current>
      <legend className={classes.questionText}>
        {slot.sequence && <strong>{slot.sequence}. </strong>}
        {slot.question.text}
      </legend>
      {choices.map((offer) => (
        <UnstyledButton
          key={offer.hotkey}
          className={classes.answer ?? ""}
          role="radio"
          aria-checked={offer.value === given}
          data-chosen={offer.value === given || undefined}
          onClick={() => onAnswer(offer.value)}
        >
          <kbd className={classes.digit}>{offer.hotkey.toUpperCase()}</kbd>
          {offer.text}
        </UnstyledButton>
      ))}
    </fieldset>
  );
}
