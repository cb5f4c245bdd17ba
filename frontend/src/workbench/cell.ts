/** A value that can be watched: what React panels and plain code share without knowing each other. */
import { useRef, useSyncExternalStore } from "react";

/** Holds one immutable value. */
export class Cell<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  readonly get = (): T => this.#value;

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Change some fields of an object. */
  patch(fields: Partial<T>): void {
    this.set({ ...this.#value, ...fields });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };
}

/** Read a cell in a component, which is drawn again when it changes. */
export function useCell<T>(cell: Cell<T>): T {
  return useSyncExternalStore(cell.subscribe, cell.get);
}

/** Read one field of a cell in a component, which is drawn again only when that field changes. */
export function useField<T, K extends keyof T>(cell: Cell<T>, name: K): T[K] {
  return useSyncExternalStore(cell.subscribe, () => cell.get()[name]);
}

/** Read several fields of a cell in a component, which is drawn again only when one of them changes. */
export function useFields<T extends object, K extends keyof T>(
  cell: Cell<T>,
  ...names: readonly K[]
): Pick<T, K> {
  const kept = useRef(cell.get());
  return useSyncExternalStore(cell.subscribe, () => {
    const now = cell.get();
    if (names.some((name) => !Object.is(now[name], kept.current[name]))) kept.current = now;
    return kept.current;
  });
}

/** Read what a function makes of a cell: text, a number, yes or no. The component is drawn again only when that changes. */
export function useMade<T, V extends string | number | boolean | null>(
  cell: Cell<T>,
  make: (value: T) => V,
): V {
  return useSyncExternalStore(cell.subscribe, () => make(cell.get()));
}
