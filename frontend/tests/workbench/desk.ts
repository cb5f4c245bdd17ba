/** A case on a desk with two panes, and pointers and keys to work on it with. */
import { afterEach, beforeEach } from "vitest";
import { makeGrid } from "@/labels";
import type { ToolName } from "@/tools";
import { FakeViewer } from "@/viewer/fake";
import { Bench } from "@/workbench/bench";
import { listenToKeys } from "@/workbench/keyboard";
import { OwnSettings } from "@/workbench/ownSettings";
import { PointerControl } from "@/workbench/pane/pointer";
import { Scoring } from "@/workbench/scoring";
import { FakeAccount } from "./account";
import { AFFINE, Server, SHAPE } from "./server";
import { open, person, workOf } from "./sessions";

export type Place = readonly [number, number];

export const MOUSE = { pointerId: 1, pointerType: "mouse" };
export const FIRST = { pointerId: 2, pointerType: "touch" };
export const SECOND = { pointerId: 3, pointerType: "touch" };
export const THIRD = { pointerId: 4, pointerType: "touch" };
export const PEN = { pointerId: 5, pointerType: "pen", pressure: 0.5 };
export const CORNERS: readonly Place[] = [
  [40, 40],
  [120, 40],
  [120, 120],
];
export const stops: (() => void)[] = [];

beforeEach(() => localStorage.clear());
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

export class Desk {
  readonly server: Server;
  readonly bench: Bench;
  readonly asked: string[] = [];
  readonly #panes: readonly HTMLElement[];
  readonly #session;

  private constructor(server: Server, session: Awaited<ReturnType<typeof open>>) {
    this.server = server;
    this.#session = session;
    this.bench = new Bench(workOf(session), new OwnSettings(person, new FakeAccount()));
    this.#panes = [0, 1].map((pane) => this.#pane(pane));
    this.bench.work.editor.select("ED");
    const page = { submit: () => this.asked.push("submit"), help: () => undefined };
    stops.push(listenToKeys(this.bench, new Scoring(this.bench), page), () => this.bench.close());
  }

  static async open(tool: ToolName = "brush"): Promise<Desk> {
    const server = new Server();
    const desk = new Desk(server, await open(server));
    desk.bench.settings.patch({ tool, radiusMm: 2 });
    return desk;
  }

  #pane(pane: number): HTMLElement {
    const element = document.body.appendChild(document.createElement("div"));
    const viewer = new FakeViewer(makeGrid([...SHAPE], AFFINE));
    viewer.setPosition(this.bench.view.get().position);
    this.bench.lend(pane, viewer);
    const control = new PointerControl(element, { bench: this.bench, viewer, pane });
    stops.push(() => {
      control.close();
      element.remove();
    });
    return element;
  }

  send(type: string, [clientX, clientY]: Place, init: PointerEventInit = MOUSE, pane = 0): void {
    const buttons = type === "pointerup" ? 0 : 1;
    this.#panes[pane]?.dispatchEvent(
      new PointerEvent(type, {
        clientX,
        clientY,
        button: 0,
        buttons,
        bubbles: true,
        cancelable: true,
        ...init,
      }),
    );
  }

  down(place: Place, init?: PointerEventInit, pane?: number): void {
    this.send("pointerdown", place, init, pane);
  }
  move(place: Place, init?: PointerEventInit, pane?: number): void {
    this.send("pointermove", place, init, pane);
  }
  up(place: Place, init?: PointerEventInit, pane?: number): void {
    this.send("pointerup", place, init, pane);
  }
  click(place: Place, init?: PointerEventInit): void {
    this.down(place, init);
    this.up(place, init);
  }

  /** Press and draw a little. */
  begin([x, y]: Place, init?: PointerEventInit): void {
    this.down([x, y], init);
    this.move([x + 40, y], init);
  }
  drag(from: Place, to: Place, init?: PointerEventInit): void {
    this.down(from, init);
    this.move(to, init);
    this.up(to, init);
  }

  press(key: string, init: KeyboardEventInit = {}): void {
    const code = /^\d$/.test(key) ? `Digit${key}` : "";
    window.dispatchEvent(new KeyboardEvent("keydown", { key, code, cancelable: true, ...init }));
  }

  wheel([clientX, clientY]: Place): void {
    this.#panes[0]?.dispatchEvent(
      new WheelEvent("wheel", { clientX, clientY, deltaY: -60, cancelable: true }),
    );
  }

  get editor() {
    return this.bench.work.editor;
  }
  count(label: number): number {
    return this.editor.store.count(0, label);
  }
  get steps(): string[] {
    const { history } = this.editor;
    return history.steps.slice(0, history.position).map(({ name }) => name);
  }
  /** Labels as the server is sent them now. */
  async sent(): Promise<Uint8Array> {
    await this.bench.work.saver.run();
    return this.server.draft?.labels ?? this.server.start;
  }
  submit(): Promise<void> {
    return this.#session.submit();
  }
  /** What came too late of a case that ended. */
  get kept() {
    const phase = this.#session.phase.get();
    return phase.kind === "ended" ? phase.ended.kept : null;
  }
}
