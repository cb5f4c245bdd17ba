/** One reading in a plot: a dot that says what it is and opens its case. */
import { Link } from "react-router";
import classes from "./agreement.module.css";

/** Draw the dot; without an address it opens nothing. */
export function Point({
  x,
  y,
  colour,
  label,
  to,
}: {
  x: number;
  y: number;
  colour: string;
  label: string;
  to: string | null;
}) {
  const dot = (
    <circle cx={x} cy={y} r={4} fill={colour} className={classes.point}>
      <title>{label}</title>
    </circle>
  );
  if (!to) return dot;
  return (
    <Link to={to} aria-label={`${label}. Open the case`}>
      {dot}
    </Link>
  );
}
