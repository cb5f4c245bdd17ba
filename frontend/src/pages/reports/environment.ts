/** With which versions a report was computed. */

/** Return what differs between two environments, as "numpy 2.0 → 2.1". */
export function changedVersions(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly string[] {
  const [old, now] = [flat(before), flat(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => old.get(name) !== now.get(name))
    .map((name) => `${name} ${old.get(name) ?? "unknown"} → ${now.get(name) ?? "unknown"}`);
}

/** Return name and version of everything, packages included. */
function flat(environment: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(environment).flatMap(([name, value]) =>
      typeof value === "object" && value !== null
        ? Object.entries(value).map(([inner, version]) => [inner, String(version)] as const)
        : [[name, String(value)] as const],
    ),
  );
}
