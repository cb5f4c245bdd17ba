/** The one pointer that holds the picture, over all panes: a second one beside it would tear what it draws. */

/** What the hand needs of a pointer event. */
export type Contact = Pick<PointerEvent, "pointerId" | "pointerType">;

/** What becomes of a press that another one ends. */
interface Press {
  /** As if the pointer had been lifted. */
  readonly end: () => void;
  readonly takeBack: () => void;
}

/** A hand that draws with a pen also comes down this long after the pen was last there, in milliseconds. */
const PALM_TIME = 1000;

export class Hand {
  #held: { readonly contact: Contact; readonly press: Press } | null = null;
  #penSeen = Number.NEGATIVE_INFINITY;

  /** True while any pointer holds the picture. */
  get isBusy(): boolean {
    return this.#held !== null;
  }

  /** True while a pen holds it and shortly after one was there: fingers are then the palm of the hand that draws. */
  get isPen(): boolean {
    return this.#held?.contact.pointerType === "pen" || performance.now() - this.#penSeen < PALM_TIME;
  }

  /** Remember when a pen was last there, above the picture or on it. */
  notice({ pointerType }: Contact): void {
    if (pointerType === "pen") this.#penSeen = performance.now();
  }

  /** A pointer that is pressed again was lifted where nobody saw it, in any pane: end what it began. */
  endEarlier(pointer: number): void {
    if (this.#held?.contact.pointerId === pointer) this.#held.press.end();
  }

  /**
   * Hold the picture with a pointer. Returns false while another one does; a pen takes it from a finger, whose palm
   * came down first: what that began is taken back.
   */
  take({ pointerId, pointerType }: Contact, press: Press): boolean {
    if (this.#held && !(pointerType === "pen" && this.#held.contact.pointerType === "touch")) return false;
    this.#held?.press.takeBack();
    this.#held = { contact: { pointerId, pointerType }, press };
    return true;
  }

  /** Let go, if it is this pointer that holds it. */
  release(pointer: number): void {
    if (this.#held?.contact.pointerId !== pointer) return;
    this.notice(this.#held.contact);
    this.#held = null;
  }
}
