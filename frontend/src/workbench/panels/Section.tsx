/** A titled part of a side panel. */
import type { ReactNode } from "react";
import classes from "./panels.module.css";

/** `growing` lets the last part of a panel take the room that is left. */
export function Section({
  title,
  note,
  growing = false,
  children,
}: {
  title: string;
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
