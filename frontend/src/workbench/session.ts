/** One assignment opened in one window: labels, images, saving, time and score, from opening to submission. */
import {
  type Answers,
  type Assignment,
  type AssignmentApi,
  type Comment,
  DraftConflict,
  endingIn,
} from "@/api/assignment";
import { Cell } from "./cell";
import { Clock } from "./clock";
import { isUnsent } from "./drafts/database";
import { unfoldSteps } from "./drafts/gzip";
import { Journal, type KeptDraft } from "./drafts/journal";
import { OneWindow } from "./drafts/oneWindow";
import { gridOf, type OpenedLabels } from "./drafts/rebuild";
import { Saver } from "./drafts/saver";
import { sendDraft } from "./drafts/sending";
import { Editor } from "./editor";
import { endOf, endWith, sendBeside } from "./ending";
import { tellOfUnsent } from "./forget";
import { Guides } from "./guides";
import { Images } from "./images";
import { once } from "./once";
import { openBesideDamage, openLabels, readGiven, settleConflict, type Version } from "./opening";
import type { Phase, Work } from "./work";

export type { Phase, Work };

/** How long another window waits for this one to send its work. */
const SENDING_MS = 2000;

/** The states in which a case has images to be worked on. */
const OPENS = new Set<Assignment["state"]>(["ready", "open", "returned"]);

export class WorkbenchSession {
  readonly phase = new Cell<Phase>({ kind: "loading", step: "Opening the case" });
  readonly #api: AssignmentApi;
  readonly #person: string;
  readonly #id: string;
  readonly #window: OneWindow;
  readonly #stopTelling: () => void;
  #journal: Journal | null = null;
  #images: Images | null = null;
  #imagesOf: Assignment | null = null;
  #work: Work | null = null;
  /** The work as this window held it when it was left and the browser's store had not all of it. */
  #inHand: KeptDraft | null = null;
  #leaving: Promise<void> | null = null;
  #closed = false;

  constructor(api: AssignmentApi, { person, assignment }: { person: string; assignment: string }) {
    this.#api = api;
    this.#person = person;
    this.#id = assignment;
    this.#window = new OneWindow(assignment, (heard) => this.#stepBack(heard));
    this.#stopTelling = tellOfUnsent(person, () => (this.isOnlyHere ? assignment : null));
  }

  /** Open the assignment, unless another window of this browser has it. */
  start(): Promise<void> {
    return this.#try(async () => {
      // Read meanwhile: that no other window answers takes a while to know.
      const reading = this.#api.read(this.#id);
      reading.then(
        (assignment) => this.#fetchImages(assignment),
        () => undefined,
      );
      const free = await this.#window.claim();
      if (this.#closed) return;
      if (!free) {
        this.phase.set({ kind: "held elsewhere" });
        return;
      }
      await this.#open(reading);
    });
  }

  /** Take the assignment over from the other window, also back from one that took it from here; first keep what is only here. */
  takeOver(): Promise<void> {
    return this.#try(async () => {
      const left = await this.#leftBehind();
      if (this.#work && left) {
        const isSent = await sendBeside(this.#api, this.#work.assignment, left);
        this.phase.set({ kind: "left behind", left, isSent });
        return;
      }
      await this.#takeOver();
    });
  }

  /** Take the assignment back without the work that only this window holds. */
  takeOverWithout(): Promise<void> {
    return this.#try(() => this.#takeOver());
  }

  async #takeOver(): Promise<void> {
    this.#endWork();
    this.#journal = null; // it was the other window's meanwhile, and is read anew
    this.phase.set({ kind: "loading", step: "Taking over from the other window" });
    await this.#window.takeOver();
    await this.#open();
  }

  async #open(reading: Promise<Assignment> = this.#api.read(this.#id)): Promise<void> {
    const assignment = await reading.catch((error: unknown) => {
      if (endingIn(error) !== "not open") throw error;
      return null;
    });
    if (this.#closed) return;
    if (assignment?.state === "waiting") {
      this.phase.set({ kind: "waiting", assignment });
      return;
    }
    const journal = await this.#openJournal();
    const kept = this.#inHand ?? (await journal.read());
    const why = endOf(assignment);
    if (!assignment || why) {
      const ended = await endWith(this.#api, { why: why ?? "not open", assignment }, { journal, kept });
      this.phase.set({ kind: "ended", ended });
      return;
    }
    this.phase.set({ kind: "loading", step: "Loading the mask" });
    if (this.#imagesOf !== assignment) this.#fetchImages(assignment);
    const [opening] = await Promise.all([
      openLabels(this.#api, assignment, { journal, kept }),
      assignment.state === "open" ? undefined : this.#api.open(this.#id),
    ]);
    if (opening.kind === "ask") this.phase.set({ kind: "two versions", assignment, local: opening.local });
    else if (opening.kind === "damaged")
      this.phase.set({ kind: "damaged", assignment, damage: opening.damage });
    else this.#begin(assignment, opening.labels);
  }

  #fetchImages(assignment: Assignment): void {
    if (this.#closed || !OPENS.has(assignment.state)) return;
    this.#images?.close();
    this.#imagesOf = assignment;
    this.#images = new Images(this.#api, gridOf(assignment), assignment.series);
    const [first] = assignment.series;
    if (first) this.#images.fetch(first);
  }

  async #openJournal(): Promise<Journal> {
    this.#journal ??= await Journal.open(this.#person, this.#id);
    return this.#journal;
  }

  /** Go on with the version that the person chose; the other is kept beside it on the server. */
  settle(version: Version): Promise<void> {
    const phase = this.phase.get();
    if (phase.kind !== "two versions") return Promise.resolve();
    return this.#try(async () => {
      this.phase.set({ kind: "loading", step: "Keeping both versions" });
      const journal = await this.#openJournal();
      const { assignment, local } = phase;
      this.#begin(assignment, await settleConflict(this.#api, assignment, { journal, local, version }));
    });
  }

  /** Go on with the server's version, after what this browser kept turned out to be damaged. */
  goOnBesideDamage(): Promise<void> {
    const phase = this.phase.get();
    if (phase.kind !== "damaged") return Promise.resolve();
    return this.#try(async () => {
      this.phase.set({ kind: "loading", step: "Keeping what could be read" });
      const journal = await this.#openJournal();
      const { assignment, damage } = phase;
      this.#begin(assignment, await openBesideDamage(this.#api, assignment, { journal, damage }));
    });
  }

  #begin(assignment: Assignment, { store, history }: OpenedLabels): void {
    if (this.#closed) return;
    const journal = this.#journal as Journal;
    const { record } = journal;
    this.#inHand = null;
    const saver = new Saver(
      {
        revision: () => journal.record.revision,
        uploaded: () => journal.record.uploaded,
        upload: () =>
          sendDraft(this.#api, this.#id, {
            journal,
            layers: editor.layers(),
            edits: editor.statistics(),
          }),
        acknowledge: (revision, { sequence }) => journal.note({ uploaded: revision, sequence, sent: [] }),
      },
      assignment.savedAt,
    );
    const editor = new Editor(assignment.scheme, { store, history, journal, changed: () => saver.touch() });
    const clock = new Clock(record.activeSeconds, record.idleSeconds, Date.now());
    const images = this.#images as Images;
    const answers = new Cell<Answers>(record.answers);
    const comments = new Cell<readonly Comment[]>(record.comments);
    answers.subscribe(() => void journal.remark({ answers: answers.get() }).then(() => saver.touch()));
    comments.subscribe(() => void journal.remark({ comments: comments.get() }).then(() => saver.touch()));
    const given = once(() => readGiven(this.#api, assignment));
    const guides = new Guides(this.#api, assignment, store.grid);
    const { unkept } = journal;
    const asides = () => journal.asides();
    this.#work = {
      assignment,
      editor,
      images,
      saver,
      unkept,
      clock,
      answers,
      comments,
      guides,
      given,
      asides,
    };
    saver.status.subscribe(() => {
      if (saver.status.get().kind === "ended") void this.#leaveEnded();
    });
    this.phase.set({ kind: "ready", work: this.#work });
  }

  /** Nothing is taken any more, which a save was told: look at the case again, and keep what came too late. */
  #leaveEnded(): Promise<void> {
    this.#leaving ??= this.#try(async () => {
      await this.#leaveWork();
      await this.#open();
    }).finally(() => {
      this.#leaving = null;
    });
    return this.#leaving;
  }

  /** Put the work down to open the case again, a stroke in progress as a step. What the browser's store refused is held in hand. */
  async #leaveWork(): Promise<void> {
    const [work, journal] = [this.#work, this.#journal];
    work?.editor.underway?.settle();
    work?.editor.state.patch({ readOnly: true });
    this.keepTime();
    await journal?.settle();
    if (work && journal?.unkept.get()) this.#inHand = await draftOf(work, journal);
    this.#endWork();
  }

  /** The work of a window that stepped back, when neither the browser's store nor the server has all of it. */
  async #leftBehind(): Promise<KeptDraft | null> {
    const [work, journal] = [this.#work, this.#journal];
    if (!work || !journal?.unkept.get() || !isUnsent(journal.record)) return null;
    return draftOf(work, journal);
  }

  /** Keep the time spent; called now and then and when the window is hidden. */
  keepTime(): void {
    if (!this.#work || !this.#journal) return;
    const { activeSeconds, idleSeconds } = this.#work.clock;
    void this.#journal.note({ activeSeconds, idleSeconds });
  }

  /** Ask again which version to go on with, after the server refused a draft because of a later one. */
  reopenAfterConflict(): Promise<void> {
    return this.#try(async () => {
      await this.#leaveWork();
      this.phase.set({ kind: "loading", step: "Reading the other version" });
      await this.#open();
    });
  }

  /**
   * Hand the work in: first the labels, then the answers. Raises the server's error in its own words; the work
   * stays as it is then.
   */
  async submit(): Promise<void> {
    const work = this.#work;
    const journal = this.#journal;
    if (!work || !journal) return;
    work.editor.underway?.settle();
    this.keepTime();
    await journal.settle();
    const sequence = await this.#sendForSubmission(work, journal);
    try {
      await this.#api.submit(this.#id, {
        sequence,
        answers: work.assignment.rubric ? work.answers.get() : null,
        active_seconds: work.clock.activeSeconds,
        idle_seconds: work.clock.idleSeconds,
        edits: work.editor.statistics(),
      });
    } catch (error) {
      if (!endingIn(error)) throw error;
      await this.#leaveEnded(); // handed in elsewhere, or from here, and the answer was lost
      return;
    }
    if (this.#work !== work) return; // a save was told first, and the case was left
    work.editor.underway?.settle();
    if (isUnsent(journal.record)) {
      await this.#leaveEnded(); // the person went on while it was handed in: that is kept beside it
      return;
    }
    this.#endWork();
    // What stays behind is settled when the case is opened again: the server has a later version.
    await journal.remove().catch(() => undefined);
    this.phase.set({ kind: "submitted", assignment: work.assignment });
  }

  async #sendForSubmission(work: Work, journal: Journal): Promise<number> {
    await work.saver.run();
    const status = work.saver.status.get();
    if (status.kind === "elsewhere") throw new Error("This case is open in another window. Submit it there.");
    if (status.kind === "conflict") throw new DraftConflict(journal.record.sequence, "");
    if (status.kind !== "saved")
      throw new Error(
        work.unkept.get()
          ? "The last changes could not be sent yet. Leave this window open and try again."
          : "The last changes could not be sent yet. They are kept here; try again.",
      );
    return journal.record.sequence;
  }

  /**
   * Another window takes over: write everything down, a stroke in progress as a step, send it if possible, and stop
   * editing. From then on nothing is written here: the journal is the other window's, and what this one knows of it is
   * old. A window that hears of it too late, because it was asleep or took too long, writes nothing any more.
   */
  async #stepBack(heard: "in time" | "late"): Promise<void> {
    const work = this.#work;
    if (!work) return;
    if (heard === "in time") work.editor.underway?.settle();
    work.editor.state.patch({ readOnly: true });
    if (heard === "in time") {
      this.keepTime();
      await this.#journal?.settle();
      await Promise.race([work.saver.run(), new Promise((resolve) => setTimeout(resolve, SENDING_MS))]);
    }
    work.saver.yieldToOther();
    this.#journal?.close();
  }

  #endWork(): void {
    this.#work?.saver.close();
    this.#work = null;
    this.#images?.close();
    this.#images = null;
    this.#imagesOf = null;
  }

  async #try(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!this.#closed) this.phase.set({ kind: "failed", error });
    }
  }

  /**
   * Leave the window. A stroke in progress becomes a step; what is not sent yet is in the browser's store, and is sent
   * once more. Nobody waits for the answer: who opens the case again knows that save by its key.
   */
  async close(): Promise<void> {
    const [work, journal] = [this.#work, this.#journal];
    work?.editor.underway?.settle();
    this.keepTime();
    this.#closed = true;
    if (work && journal) this.#sendLast(work, journal);
    this.#endWork();
    this.#window.close();
    this.#stopTelling();
    await journal?.settle();
    journal?.close();
    this.#journal = null;
  }

  #sendLast({ editor, saver }: Work, journal: Journal): void {
    if (!isUnsent(journal.record) || saver.isStopped) return;
    sendDraft(this.#api, this.#id, { journal, layers: editor.layers(), edits: editor.statistics() }).catch(
      () => undefined,
    );
  }

  /** True while this window holds work that neither the browser's store nor the server has. */
  get isOnlyHere(): boolean {
    const phase = this.phase.get();
    if (phase.kind === "ended") return phase.ended.late === "in this window";
    if (phase.kind === "left behind") return !phase.isSent;
    const [work, journal] = [this.#work, this.#journal];
    return work !== null && journal !== null && work.unkept.get() !== null && isUnsent(journal.record);
  }
}

/** The work as a window holds it, whatever the browser's store has of it. */
async function draftOf({ editor }: Work, { record }: Journal): Promise<KeptDraft> {
  return { record, steps: await editor.history.unfolded(unfoldSteps), beyond: [] };
}
