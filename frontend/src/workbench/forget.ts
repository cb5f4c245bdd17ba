/** Signing out takes a person's drafts and settings off this computer, in all windows. */
import { forgetPerson as removeDrafts } from "./drafts/database";
import { forgetHere } from "./settingsHere";

export { countUnsent } from "./drafts/database";

const CHANNEL = "overread-session";

/** Remove what this browser keeps of one person, drafts and settings, and tell the other windows. Call it at sign-out. */
export async function forgetPerson(person: string): Promise<void> {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(person);
  channel.close();
  forgetHere(person);
  await removeDrafts(person);
}

/** Be told who signed out in another window. Returns the way to stop listening. */
export function onForgotten(listener: (person: string) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => listener(String(data));
  return () => channel.close();
}
