/**
 * A person's settings as single choices, each with its moment. Two browsers' choices are joined one by one: the later
 * one holds. Whatever the order in which they are joined, the result is the same.
 */
import { isRecord, isWindowChoice, RULES } from "./settingRules";
import { DEFAULT_SETTINGS, type Settings } from "./settings";

/** What was chosen, and when: milliseconds since 1970. */
export interface Choice {
  readonly value: unknown;
  readonly at: number;
}

/** By the name of the setting. A window has a name of its own, and what was never chosen is not among them. */
export type Choices = Readonly<Record<string, Choice>>;

/** Of how many sequences of studies the window is kept: those chosen longest ago are forgotten first. */
export const MOST_WINDOWS = 100;
const WINDOW = "window ";
const LAST_MOMENT = 8_640_000_000_000_000;

/** Return what can be used of something that was kept: known settings with values that fit, and so many windows. */
export function tidyChoices(kept: unknown): Choices {
  const usable = isRecord(kept) ? Object.entries(kept).filter(isUsable) : [];
  const windows = usable.filter(([name]) => name.startsWith(WINDOW)).sort(laterFirst);
  const forgotten = new Set(windows.slice(MOST_WINDOWS).map(([name]) => name));
  return Object.fromEntries(usable.filter(([name]) => !forgotten.has(name)));
}

function isUsable(entry: [string, unknown]): entry is [string, Choice] {
  const [name, choice] = entry;
  if (!isRecord(choice) || !isMoment(choice.at)) return false;
  if (name.startsWith(WINDOW)) return isWindowChoice(choice.value);
  return Object.hasOwn(RULES, name) && RULES[name as keyof typeof RULES](choice.value);
}

function isMoment(at: unknown): boolean {
  return Number.isInteger(at) && (at as number) >= 0 && (at as number) <= LAST_MOMENT;
}

function laterFirst([name, { at }]: [string, Choice], [other, { at: otherAt }]: [string, Choice]): number {
  return otherAt - at || (name < other ? -1 : 1);
}

/** Join two sets of choices; of two made in the same millisecond the one holds whose text is the greater. */
export function joinChoices(some: Choices, others: Choices): Choices {
  const later = Object.entries(others).filter(([name, choice]) => {
    const mine = some[name];
    return !mine || choice.at > mine.at || (choice.at === mine.at && textOf(choice) > textOf(mine));
  });
  return tidyChoices({ ...some, ...Object.fromEntries(later) });
}

/** True when both hold the same choices of the same moments. */
export function sameChoices(some: Choices, others: Choices): boolean {
  return textOf(some) === textOf(others);
}

/** A value as text, whatever the order in which a database gives its fields back. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isRecord(part)
      ? Object.fromEntries(Object.entries(part).sort(([name], [other]) => (name < other ? -1 : 1)))
      : part,
  );
}

/**
 * Return the choices with those that a person made between two settings. A choice is later than the one that it
 * replaces, also where that comes from a computer whose clock is ahead.
 */
export function withChanges(
  choices: Choices,
  { before, after, now }: { readonly before: Settings; readonly after: Settings; readonly now: number },
): Choices {
  const [was, is] = [valuesOf(before), valuesOf(after)];
  const made = Object.entries(is)
    .filter(([name, value]) => !Object.is(value, was[name]))
    .map(([name, value]) => [name, { value, at: Math.max(now, (choices[name]?.at ?? -1) + 1) }] as const);
  return made.length === 0 ? choices : tidyChoices({ ...choices, ...Object.fromEntries(made) });
}

/** Every setting and every window by the name of its choice. */
function valuesOf({ windows, ...rest }: Settings): Record<string, unknown> {
  const named = Object.entries(windows).map(([key, window]) => [WINDOW + key, window]);
  return { ...rest, ...Object.fromEntries(named) };
}

/** Return the settings that choices make; what was never chosen has its default. */
export function settingsOf(choices: Choices): Settings {
  const values = Object.entries(tidyChoices(choices)).map(([name, { value }]) => [name, value] as const);
  const windows = values.filter(([name]) => name.startsWith(WINDOW));
  return {
    ...DEFAULT_SETTINGS,
    ...(Object.fromEntries(values.filter(([name]) => !name.startsWith(WINDOW))) as Partial<Settings>),
    windows: Object.fromEntries(
      windows.map(([name, value]) => [name.slice(WINDOW.length), value]),
    ) as Settings["windows"],
  };
}
