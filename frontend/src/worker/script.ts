/** The worker's own script: it takes one job after another and keeps nothing between them. */
import { type Asked, buffersIn, serve, type Told } from "./jobs";

/** The part of a worker's global scope that is used here; the page's types do not know it. */
interface Scope {
  onmessage: ((event: MessageEvent<Asked>) => void) | null;
  postMessage(told: Told, given: ArrayBuffer[]): void;
}

const scope = globalThis as unknown as Scope;
scope.onmessage = ({ data }) =>
  void serve(data, (told) => scope.postMessage(told, told.kind === "done" ? buffersIn(told.result) : []));
