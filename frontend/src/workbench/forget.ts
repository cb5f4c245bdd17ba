/** Signing out takes a person's drafts and settings off this computer, in all windows. */
import { forgetPerson as removeDrafts, unsentCases } from "./drafts/database";
import { forgetHere } from "./settingsHere";

/** What windows of one browser say to each other about a person. */
type Message =
  | { readonly kind: "forgotten"; readonly person: string }
  | { readonly kind: "unsent?"; readonly person: string }
  | { readonly kind: "unsent"; readonly assignment: string };

const CHANNEL = "overread-session";
/** How long windows are waited for that hold work which is nowhere else. */
const ANSWER_MS = 250;

/** Remove what this browser keeps of one person, drafts and settings, and tell the other windows. Call it at sign-out. */
export async function forgetPerson(person: string): Promise<void> {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ kind: "forgotten", person } satisfies Message);
  channel.close();
  forgetHere(person);
  await removeDrafts(person);
}

/** Be told who signed out in another window. Returns the way to stop listening. */
export function onForgotten(listener: (person: string) => void): () => void {
  return listen((message) => {
    if (message.kind === "forgotten") listener(message.person);
  });
}

/**
 * Return how many cases of a person hold work that the server has not got: in this browser's store, or in a window
 * whose store keeps nothing.
 */
export async function countUnsent(person: string): Promise<number> {
  const cases = new Set(await unsentCases(person));
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === "unsent") cases.add(data.assignment);
  };
  channel.postMessage({ kind: "unsent?", person } satisfies Message);
  await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
  channel.close();
  return cases.size;
}

/** Answer for a window: `held` names the case whose work is nowhere else, or is null. Returns the way to stop. */
export function tellOfUnsent(person: string, held: () => string | null): () => void {
  return listen((message, channel) => {
    if (message.kind !== "unsent?" || message.person !== person) return;
    const assignment = held();
    if (assignment) channel.postMessage({ kind: "unsent", assignment } satisfies Message);
  });
}

function listen(hear: (message: Message, channel: BroadcastChannel) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<Message>) => hear(data, channel);
  return () => channel.close();
}
