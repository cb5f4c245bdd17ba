/** The one pointer that holds the picture, over all panes: a second one beside it would tear what it draws. */

/** What the hand needs of a pointer event. */
export type Contact = Pick<PointerEvent, "pointerId" | "pointerType">;

export class Hand {
  #held: { readonly contact: Contact; readonly letGo: () => void } | null = null;

  /** True while any pointer holds the picture. */
  get isBusy(): boolean {
    return this.#held !== null;
  }

  /** True while a pen holds it: fingers are then the palm of the hand that draws. */
  get isPen(): boolean {
    return this.#held?.contact.pointerType === "pen";
  }

  /**
   * Hold the picture with a pointer. Returns false while another one does; a pen takes it from a finger, whose palm
   * came down first: `letGo` of that finger is then called.
   */
  take({ pointerId, pointerType }: Contact, letGo: () => void): boolean {
    if (this.#held && !(pointerType === "pen" && this.#held.contact.pointerType === "touch")) return false;
    this.#held?.letGo();
    this.#held = { contact: { pointerId, pointerType }, letGo };
    return true;
  }

  /** Let go, if it is this pointer that holds it. */
  release(pointer: number): void {
    if (this.#held?.contact.pointerId === pointer) this.#held = null;
  }
}
