/** How a reading's state looks on the board: an icon, a colour and a word, so that no one of them is needed alone. */
import {
  IconArrowBackUp,
  IconCircle,
  IconCircleCheckFilled,
  IconHourglass,
  IconPencil,
  IconQuestionMark,
  type TablerIcon,
} from "@tabler/icons-react";

/** The look of one state. */
export interface CellLook {
  readonly word: string;
  readonly colour: string;
  readonly Icon: TablerIcon;
}

/** The states in the order of a reading's life. */
export const CELL_LOOKS: Readonly<Record<string, CellLook>> = {
  waiting: { word: "Waits for its start mask", colour: "gray", Icon: IconHourglass },
  ready: { word: "Ready", colour: "accent", Icon: IconCircle },
  open: { word: "Begun", colour: "blue", Icon: IconPencil },
  submitted: { word: "Submitted", colour: "teal", Icon: IconCircleCheckFilled },
  returned: { word: "Returned", colour: "orange", Icon: IconArrowBackUp },
};

/** Return the look of a state, also of one that this page does not know yet. */
export function lookOf(state: string): CellLook {
  return CELL_LOOKS[state] ?? { word: state, colour: "gray", Icon: IconQuestionMark };
}
