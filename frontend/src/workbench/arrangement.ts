/** How the centre of the page is divided into panes, and which sequence each pane shows. */
import type { Layout, Plane } from "@/viewer";

/** One plane large, all three planes, or several sequences side by side in the same plane. */
export type Arrangement = "three planes" | "one plane" | "two sequences" | "four sequences";

/** How many panes each arrangement asks for. */
const PANES: Readonly<Record<Arrangement, number>> = {
  "three planes": 1,
  "one plane": 1,
  "two sequences": 2,
  "four sequences": 4,
};

/** True where several sequences stand side by side. */
export function isSideBySide(arrangement: Arrangement): boolean {
  return PANES[arrangement] > 1;
}

/** Return what each pane shows of its image; three planes leave the lower right corner free for the surface. */
export function layoutOf({
  arrangement,
  plane,
  surface,
}: {
  readonly arrangement: Arrangement;
  readonly plane: Plane;
  readonly surface: boolean;
}): Layout {
  if (arrangement !== "three planes") return plane;
  return surface ? "three planes and a free corner" : "three planes";
}

/**
 * Return the sequence of each pane: first those that the person wants and the case has, then the others in the
 * case's own order. A pane alone shows `current`. A case with fewer sequences than panes gets fewer panes.
 */
export function sequencesOf(
  arrangement: Arrangement,
  {
    current,
    wanted,
    available,
  }: { current: string; wanted: readonly string[]; available: readonly string[] },
): readonly string[] {
  if (!isSideBySide(arrangement)) return [current];
  const there = wanted.filter((sequence) => available.includes(sequence));
  return [...new Set([...there, ...available])].slice(0, PANES[arrangement]);
}

/**
 * Return the panes after a sequence was asked for, and which of them has it: the one that shows it already, or the
 * pane in use.
 */
export function withSequence(
  sequences: readonly string[],
  pane: number,
  sequence: string,
): { readonly sequences: readonly string[]; readonly pane: number } {
  const there = sequences.indexOf(sequence);
  if (there >= 0) return { sequences, pane: there };
  return { sequences: sequences.map((each, n) => (n === pane ? sequence : each)), pane };
}
