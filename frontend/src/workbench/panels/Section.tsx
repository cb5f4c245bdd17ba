/** A titled part of a side panel, which may fold. */
import { UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Bench } from "../bench";
import { useField } from "../cell";
import type { Foldable } from "../settings";
import classes from "./panels.module.css";

/** `growing` lets the last part of a panel take the room that is left. */
export function Section({
  title,
  note,
  growing = false,
  children,
}: {
  title: ReactNode;
  note?: ReactNode;
  growing?: boolean;
  children: ReactNode;
}) {
  return (
    <section className={growing ? `${classes.section} ${classes.growing}` : classes.section}>
      <h2 className={classes.sectionTitle}>
        <span>{title}</span>
        {note !== undefined && <span className={classes.sectionNote}>{note}</span>}
      </h2>
      {children}
    </section>
  );
}

/** A section that a click on its title folds and unfolds; on a small screen there is not room for all of them. */
export function FoldingSection({
  bench,
  name,
  title,
  note,
  children,
}: {
  bench: Bench;
  name: Foldable;
  title: string;
  note?: ReactNode;
  children: ReactNode;
}) {
  const folded = useField(bench.settings, "folded");
  const isFolded = folded.includes(name);
  const toggle = () =>
    bench.settings.patch({ folded: isFolded ? folded.filter((each) => each !== name) : [...folded, name] });
  const Icon = isFolded ? IconChevronRight : IconChevronDown;
  return (
    <Section
      note={note}
      title={
        <UnstyledButton className={classes.fold ?? ""} aria-expanded={!isFolded} onClick={toggle}>
          {title}
          <Icon size={13} aria-hidden />
        </UnstyledButton>
      }
    >
      {!isFolded && children}
    </Section>
  );
}
