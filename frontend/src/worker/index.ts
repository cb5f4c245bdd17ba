/** The room's door: work on labels beside the page. */
export type { JobKind, Jobs, PackedScene, Report } from "./jobs";
export { LabelWorker, type Watch } from "./labelWorker";
