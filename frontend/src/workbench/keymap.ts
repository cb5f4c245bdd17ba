/** The keys that a person chose for themselves, in place of those of the table. */
import { BINDINGS, type Binding, keysOf, type OwnKeys, ownKeys } from "./keys";

/** Keys that keep their meaning: labels by number, leaving a dialog, walking through the page. */
const FIXED = new Set(["Escape", "Tab", "Shift+Tab", ...Array.from({ length: 9 }, (_, n) => String(n + 1))]);
/** As the browser names keys that only change another one. */
const MODIFIERS = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process"]);

/** Return true for the press of a key that does something by itself. */
export function isWholeKey(key: string): boolean {
  return !MODIFIERS.has(key);
}

/** Return true for a key that can be given to an action. */
export function isFree(key: string): boolean {
  return !FIXED.has(key);
}

/** Return what a key does already, other than this action, or null. */
export function conflictOf(action: string, key: string): Binding | null {
  return BINDINGS.find((each) => each.action !== action && keysOf(each.action).includes(key)) ?? null;
}

/** Return the keys after giving one to an action, in place of those it had; whoever had that key loses it. */
export function assigned(own: OwnKeys, action: string, key: string): OwnKeys {
  const other = conflictOf(action, key);
  const left = other ? { [other.action]: keysOf(other.action).filter((each) => each !== key) } : {};
  return tidy({ ...own, ...left, [action]: [key] });
}

/** Return the keys with those of the table for one action, which takes them from whoever has them now. */
export function restored(own: OwnKeys, action: string): OwnKeys {
  const keys = BINDINGS.find((each) => each.action === action)?.keys ?? [];
  const others = BINDINGS.filter(
    (each) => each.action !== action && own[each.action]?.some((key) => keys.includes(key)),
  );
  const left = others.map(({ action: other }) => [
    other,
    (own[other] ?? []).filter((key) => !keys.includes(key)),
  ]);
  const { [action]: _, ...rest } = own;
  return tidy({ ...rest, ...Object.fromEntries(left) });
}

/** Keep only what differs from the table, without keys that nobody can choose. */
function tidy(own: OwnKeys): OwnKeys {
  return Object.fromEntries(
    BINDINGS.flatMap(({ action, keys }): [string, readonly string[]][] => {
      const mine = own[action]?.filter((key) => isFree(key) || keys.includes(key));
      return mine && mine.join(" ") !== keys.join(" ") ? [[action, mine]] : [];
    }),
  );
}

/** Take over the keys that the server keeps for a person. */
export function adoptKeys(own: OwnKeys): void {
  ownKeys.set(tidy(own));
}
