/** Over the bottom of the picture, beside whichever panel: why nothing was done, what runs, and what it changed. */
import { Button, CloseButton, Progress } from "@mantine/core";
import { useEffect } from "react";
import { isSideBySide } from "./arrangement";
import type { Bench } from "./bench";
import { useCell, useFields } from "./cell";
import { keyOf } from "./keys";
import classes from "./Notices.module.css";
import type { Running } from "./operations";

export function Notices({ bench }: { bench: Bench }) {
  useForgetting(bench);
  const { arrangement, surface } = useFields(bench.settings, "arrangement", "surface");
  const isRight = arrangement === "one plane" || (surface && isSideBySide(arrangement));
  return (
    <section className={classes.notices} data-right={isRight || undefined} aria-label="Messages">
      <Refusal bench={bench} />
      <Work bench={bench} />
    </section>
  );
}

function Refusal({ bench }: { bench: Bench }) {
  const hint = useCell(bench.hint);
  if (hint === null) return null;
  return (
    <div className={classes.notice} data-shown data-refusal>
      <span className={classes.words} role="alert">
        {hint}
      </span>
      <CloseMessage onClick={() => bench.hint.set(null)} />
    </div>
  );
}

/** The operation that runs, or what the last one changed. Screen readers say words only of a place that was there before. */
function Work({ bench }: { bench: Bench }) {
  const { operations } = bench;
  const running = useCell(operations.running);
  const outcome = useCell(operations.outcome);
  const words = running?.name ?? outcome ?? "";
  return (
    <div className={classes.notice} data-shown={words !== "" || undefined}>
      <span className={classes.words} role="status">
        {words}
      </span>
      {running && <Underway running={running} onCancel={() => operations.cancel()} />}
      {!running && outcome !== null && <CloseMessage onClick={() => operations.outcome.set(null)} />}
    </div>
  );
}

function Underway({ running: { name, part }, onCancel }: { running: Running; onCancel: () => void }) {
  return (
    <>
      <Progress
        className={classes.progress ?? ""}
        aria-label={name}
        value={part === null ? 100 : part * 100}
        animated={part === null}
      />
      <Button size="compact-xs" variant="default" onClick={onCancel}>
        Cancel ({keyOf("edit.cancel")})
      </Button>
    </>
  );
}

function CloseMessage({ onClick }: { onClick: () => void }) {
  return <CloseButton size="xs" aria-label="Close the message" onClick={onClick} />;
}

/** What was refused because of the labels on screen is over when others come on screen. */
function useForgetting({ hint, scoring, looking }: Bench): void {
  useEffect(() => {
    const stops = [scoring, looking].map((cell) => cell.subscribe(() => hint.set(null)));
    return () => {
      for (const stop of stops) stop();
    };
  }, [hint, scoring, looking]);
}
