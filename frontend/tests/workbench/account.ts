/** The account of one person in memory, as far as settings of the workbench go. */
import type { KeptSettings } from "@/api/account";
import { ApiError } from "@/api/client";
import { type Choices, withChanges } from "@/workbench/choices";
import type { SettingsAccount } from "@/workbench/ownSettings";
import { DEFAULT_SETTINGS, type Settings } from "@/workbench/settings";

export class FakeAccount implements SettingsAccount {
  settings: KeptSettings = { revision: 0, choices: {} };
  /** What is thrown instead of an answer. */
  failure: Error | null = null;
  reads = 0;
  readonly sent: KeptSettings[] = [];

  constructor(choices: Choices = {}) {
    this.settings = { revision: 0, choices };
  }

  #held: Promise<void> | null = null;

  /** Answer only when the returned function is called. */
  hold(): () => void {
    let release: () => void = () => undefined;
    this.#held = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  async read(): Promise<KeptSettings> {
    this.reads++;
    await this.#held;
    if (this.failure) throw this.failure;
    return structuredClone(this.settings);
  }

  async keep(settings: KeptSettings): Promise<KeptSettings> {
    this.sent.push(settings);
    if (this.failure) throw this.failure;
    if (settings.revision !== this.settings.revision) throw new ApiError(409, "Read them again.");
    this.settings = { revision: settings.revision + 1, choices: structuredClone(settings.choices) };
    return this.settings;
  }
}

/** Return the choices of a person who changed these settings at one moment. */
export function chosen(settings: Partial<Settings>, at = 1): Choices {
  return withChanges({}, { before: DEFAULT_SETTINGS, after: { ...DEFAULT_SETTINGS, ...settings }, now: at });
}
