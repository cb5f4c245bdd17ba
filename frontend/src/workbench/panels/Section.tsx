/** A titled part of a side panel. */
import type { ReactNode } from "react";
import classes from "./panels.module.css";

export function Section({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h2 className={classes.sectionTitle}>
        <span>{title}</span>
        {note !== undefined && <span className={classes.sectionNote}>{note}</span>}
      </h2>
      {children}
    </section>
  );
}
