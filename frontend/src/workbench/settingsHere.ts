/** The copy of a person's settings in this browser. Without a store, or with a full one, the account's copy is all. */

const KEY = "overread-settings-";

/** Read what this browser keeps of a person; anything may be in it. */
export function readHere(person: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(KEY + person) ?? "{}");
  } catch {
    return {};
  }
}

/** Keep a person's settings in this browser, if it lets us. */
export function keepHere(person: string, settings: object): void {
  try {
    localStorage.setItem(KEY + person, JSON.stringify(settings));
  } catch {
    // The account gets them all the same.
  }
}

/** Take a person's settings off this computer. */
export function forgetHere(person: string): void {
  try {
    localStorage.removeItem(KEY + person);
  } catch {
    // A browser that refuses its store keeps nothing.
  }
}
