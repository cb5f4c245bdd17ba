/** What a session gives the page: where the window stands, and the case that can be worked on. */
import type { Answers, Assignment, Comment } from "@/api/assignment";
import type { Cell } from "./cell";
import type { Clock } from "./clock";
import type { Aside } from "./drafts/database";
import type { KeptDraft, Unkept } from "./drafts/journal";
import type { Damage } from "./drafts/rebuild";
import type { Saver } from "./drafts/saver";
import type { Editor } from "./editor";
import type { Ended } from "./ending";
import type { Guides } from "./guides";
import type { Images } from "./images";
import type { LocalVersion } from "./opening";

/** An assignment that can be worked on. */
export interface Work {
  readonly assignment: Assignment;
  readonly editor: Editor;
  readonly images: Images;
  readonly saver: Saver;
  /** Why the browser does not keep the work now; null while it does. */
  readonly unkept: Cell<Unkept | null>;
  readonly clock: Clock;
  readonly answers: Cell<Answers>;
  readonly comments: Cell<readonly Comment[]>;
  readonly guides: Guides;
  /** The mask as it was given, one array per layer; read once, when it is first asked for. */
  given(): Promise<readonly Uint8Array[]>;
  /** What this browser kept of the case before and could not be read. */
  asides(): Promise<readonly Aside[]>;
}

/** Where the window stands. */
export type Phase =
  | { readonly kind: "loading"; readonly step: string }
  | { readonly kind: "held elsewhere" }
  | { readonly kind: "waiting"; readonly assignment: Assignment }
  | { readonly kind: "ended"; readonly ended: Ended }
  | { readonly kind: "two versions"; readonly assignment: Assignment; readonly local: LocalVersion }
  | { readonly kind: "damaged"; readonly assignment: Assignment; readonly damage: Damage }
  | { readonly kind: "left behind"; readonly left: KeptDraft; readonly isSent: boolean }
  | { readonly kind: "ready"; readonly work: Work }
  | { readonly kind: "submitted"; readonly assignment: Assignment }
  | { readonly kind: "failed"; readonly error: unknown };
