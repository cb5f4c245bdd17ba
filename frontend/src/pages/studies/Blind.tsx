/** What somebody sees of the results who still reads these cases for a blinded study, this one or another. */
import { IconEyeOff } from "@tabler/icons-react";
import { EmptyState } from "@/ui/EmptyState";
import { Panel } from "@/ui/Panel";

/** Say why results are hidden, and until when. */
export function Blind() {
  return (
    <Panel title="Results are hidden from you">
      <EmptyState icon={<IconEyeOff size={32} />} title="You read these cases for a blinded study">
        Masks, scores and reports open to you when you have handed in your own readings, so that they cannot
        colour them. If you read the cases for another study, they open when that study is closed.
      </EmptyState>
    </Panel>
  );
}
