/** A queue that gives back the strongest entry first: a binary heap on typed arrays. */

/** Entries are whole numbers with a strength; the same entry may be in it more than once. */
export class StrengthQueue {
  #entries = new Uint32Array(1 << 12);
  #strengths = new Float32Array(1 << 12);
  #count = 0;

  push(entry: number, strength: number): void {
    if (this.#count === this.#entries.length) this.#grow();
    let place = this.#count++;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if ((this.#strengths[parent] as number) >= strength) break;
      this.#move(parent, place);
      place = parent;
    }
    this.#entries[place] = entry;
    this.#strengths[place] = strength;
  }

  /** Take the strongest entry, or -1 when nothing is left. */
  pop(): number {
    if (this.#count === 0) return -1;
    const best = this.#entries[0] as number;
    const last = --this.#count;
    const strength = this.#strengths[last] as number;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= last) break;
      const right = child + 1;
      if (right < last && (this.#strengths[right] as number) > (this.#strengths[child] as number))
        child = right;
      if ((this.#strengths[child] as number) <= strength) break;
      this.#move(child, place);
      place = child;
    }
    this.#entries[place] = this.#entries[last] as number;
    this.#strengths[place] = strength;
    return best;
  }

  #move(from: number, to: number): void {
    this.#entries[to] = this.#entries[from] as number;
    this.#strengths[to] = this.#strengths[from] as number;
  }

  #grow(): void {
    const entries = new Uint32Array(this.#entries.length * 2);
    entries.set(this.#entries);
    this.#entries = entries;
    const strengths = new Float32Array(this.#strengths.length * 2);
    strengths.set(this.#strengths);
    this.#strengths = strengths;
  }
}
