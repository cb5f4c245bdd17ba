/** Time spent on a case: active while the person does something, idle when they look away, nothing when hidden. */

import { Cell } from "./cell";

const IDLE_AFTER_S = 60;

/** Counts whole seconds; `tick` is called once a second, `active` at every sign of a person. */
export class Clock {
  #active: number;
  #idle: number;
  #lastSign: number;
  /** True while the person said that they are not at work: nothing is counted. */
  readonly paused = new Cell(false);

  constructor(active: number, idle: number, now: number) {
    this.#active = active;
    this.#idle = idle;
    this.#lastSign = now;
  }

  /** The person moved, pressed or scrolled at this time (ms). */
  sign(now: number): void {
    this.#lastSign = now;
  }

  /** The person is back at work at this time (ms). */
  resume(now: number): void {
    this.sign(now);
    this.paused.set(false);
  }

  /** One second passed. A hidden window and a pause count as neither. */
  tick(now: number, { hidden }: { hidden: boolean }): void {
    if (hidden || this.paused.get()) return;
    if (now - this.#lastSign <= IDLE_AFTER_S * 1000) this.#active++;
    else this.#idle++;
  }

  get activeSeconds(): number {
    return this.#active;
  }

  get idleSeconds(): number {
    return this.#idle;
  }
}

/** Return seconds as "4:07" or "1:04:07". */
export function clockText(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
