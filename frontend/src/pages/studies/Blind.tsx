/** What a lead sees who still reads for a blinded study. */
import { IconEyeOff } from "@tabler/icons-react";
import { EmptyState } from "@/ui/EmptyState";
import { Panel } from "@/ui/Panel";

/** Say why results are hidden, and until when. */
export function Blind() {
  return (
    <Panel title="Results are hidden from you">
      <EmptyState
        icon={<IconEyeOff size={32} />}
        title="You still have readings of this blinded study to hand in"
      >
        Masks, scores and reports open to you when you have handed in your own, so that they cannot colour
        your reading.
      </EmptyState>
    </Panel>
  );
}
