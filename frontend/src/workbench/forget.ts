/** Signing out takes a person's drafts off this computer, in all windows. */
import { forgetPerson as removeDrafts } from "./drafts/database";

export { countUnsent } from "./drafts/database";

const CHANNEL = "overread-session";

/** Remove every local draft of one person from this browser and tell the other windows. Call it at sign-out. */
export async function forgetPerson(person: string): Promise<void> {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("forgotten");
  channel.close();
  await removeDrafts(person);
}

/** Be told when another window signed out. Returns the way to stop listening. */
export function onForgotten(listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = listener;
  return () => channel.close();
}
