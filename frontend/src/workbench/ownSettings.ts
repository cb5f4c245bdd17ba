/** A person's settings: they hold at once, are kept in this browser, and follow the person with their account. */
import { type KeptSettings, keepWorkbenchSettings, readWorkbenchSettings } from "@/api/account";
import { ApiError } from "@/api/client";
import { Cell } from "./cell";
import { type Choices, joinChoices, sameChoices, settingsOf, tidyChoices, withChanges } from "./choices";
import { onForgotten } from "./forget";
import { adoptKeys } from "./keymap";
import type { Settings } from "./settings";
import { forgetHere, keepHere, readHere } from "./settingsHere";

/** The account as far as settings go. `keep` is refused with 409 when another window kept some since they were read. */
export interface SettingsAccount {
  read(): Promise<KeptSettings>;
  keep(settings: KeptSettings): Promise<KeptSettings>;
}

/** Return the account of a person. */
export function accountOf(person: string): SettingsAccount {
  return {
    read: () => readWorkbenchSettings(person),
    keep: (settings) => keepWorkbenchSettings(person, settings),
  };
}

const QUIET_MS = 2_000;
const RETRY_MS = 30_000;
/** How often, in a row, another window may have been faster. */
const TRIES = 5;

export class OwnSettings {
  readonly settings: Cell<Settings>;
  /** Counts how often settings of the account were taken over on screen. */
  readonly adopted = new Cell(0);
  /** Why the account has not got the last choices; null when it has, or will have soon. */
  readonly trouble = new Cell<string | null>(null);
  readonly #person: string;
  readonly #account: SettingsAccount;
  #choices: Choices;
  /** The settings on screen, to tell what the person changed. */
  #shown: Settings;
  /** What the account has, as far as is known here; null before it was read. */
  #kept: { readonly revision: number; readonly choices: Choices } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  #hasActed = false;
  #isClosed = false;
  readonly #stopListening: () => void;

  /** Begin with what this browser keeps; the account is asked meanwhile. */
  constructor(person: string, account: SettingsAccount = accountOf(person)) {
    this.#person = person;
    this.#account = account;
    this.#choices = tidyChoices(readHere(person));
    this.#shown = settingsOf(this.#choices);
    this.settings = new Cell(this.#shown);
    adoptKeys(this.#shown.keys);
    this.settings.subscribe(() => this.#note());
    this.#stopListening = this.#listen();
    void this.exchange();
  }

  #listen(): () => void {
    const again = () => void (this.#isBehind && this.exchange());
    const leave = () => void (this.#kept && this.#isBehind && this.exchange());
    const hide = () => void (document.hidden && leave());
    window.addEventListener("online", again);
    window.addEventListener("focus", again);
    window.addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", hide);
    const stop = onForgotten((person) => this.#forget(person));
    return () => {
      window.removeEventListener("online", again);
      window.removeEventListener("focus", again);
      window.removeEventListener("pagehide", leave);
      document.removeEventListener("visibilitychange", hide);
      stop();
    };
  }

  get #isBehind(): boolean {
    return !this.#kept || !sameChoices(this.#choices, this.#kept.choices);
  }

  /** The person has begun to work: from now on no tool or picture changes under their hand. */
  act(): void {
    this.#hasActed = true;
  }

  /** Write down what the person changed. */
  #note(): void {
    const [before, after] = [this.#shown, this.settings.get()];
    if (before === after || this.#isClosed) return;
    this.#shown = after;
    this.#hasActed = true;
    if (before.keys !== after.keys) adoptKeys(after.keys);
    this.#keepHere(withChanges(this.#choices, { before, after, now: Date.now() }));
    this.#schedule(QUIET_MS);
  }

  /** Keep choices in this browser, beside those that other windows of it have kept meanwhile. */
  #keepHere(choices: Choices): void {
    this.#choices = joinChoices(choices, tidyChoices(readHere(this.#person)));
    if (!this.#isClosed) keepHere(this.#person, this.#choices);
  }

  #schedule(ms: number): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.exchange(), ms);
  }

  /** Read what the account has, once, and send what it has not. Resolves when it was tried. */
  exchange(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running ??= this.#try().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #try(): Promise<void> {
    try {
      for (let tries = 0; tries < TRIES && this.#isBehind; tries++) await this.#step();
      this.trouble.set(null);
      if (this.#isBehind) this.#schedule(QUIET_MS);
    } catch (error) {
      this.trouble.set(error instanceof Error ? error.message : String(error));
      const helpsToWait = !(error instanceof ApiError) || error.status >= 500 || error.status === 429;
      if (helpsToWait) this.#schedule(RETRY_MS);
    }
  }

  /** Read the account, or send to it, or find that another window was faster, so that it is read again. */
  async #step(): Promise<void> {
    if (!this.#kept) {
      const { revision, choices } = await this.#account.read();
      this.#kept = { revision, choices: tidyChoices(choices) };
      this.#takeOver(this.#kept.choices);
      return;
    }
    const sent = { revision: this.#kept.revision, choices: this.#choices };
    try {
      const { revision } = await this.#account.keep(sent);
      this.#kept = { revision, choices: sent.choices };
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 409)) throw error;
      this.#kept = null;
    }
  }

  /** Join what the account has with what is here, and show it while the person has not begun. */
  #takeOver(choices: Choices): void {
    this.#keepHere(joinChoices(this.#choices, choices));
    const settings = settingsOf(this.#choices);
    if (this.#hasActed || this.#isClosed || sameSettings(settings, this.#shown)) return;
    this.#shown = settings;
    adoptKeys(settings.keys);
    this.settings.set(settings);
    this.adopted.set(this.adopted.get() + 1);
  }

  /** Leave the case. What the account has not got is sent, or kept here for the next time. */
  close(): void {
    if (this.#isClosed) return;
    this.#end();
    if (this.#isBehind) void this.exchange();
  }

  /** Somebody signed out on this computer: nothing of them is kept here, and nothing more is sent. */
  #forget(person: string): void {
    this.#end();
    this.#kept = { revision: 0, choices: this.#choices };
    if (person === this.#person) forgetHere(person);
  }

  #end(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#stopListening();
  }
}

function sameSettings(some: Settings, others: Settings): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}
