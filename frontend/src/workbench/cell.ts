/** A value that can be watched: what React panels and plain code share without knowing each other. */
import { useSyncExternalStore } from "react";

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
