/** Turning and zooming a surface: by drag and wheel, and by keys where it was gone to by keyboard. */
import { type KeyboardEvent, type PointerEvent, useRef, type WheelEvent } from "react";
import { dragged, type Orbit } from "@/viewer";
import { wasClicked } from "../keyboard";

/** 15 degrees, in parts of a drag over the whole pane. */
const STEP = 1 / 12;
const ZOOM = 1.25;

const KEYS: Readonly<Record<string, (orbit: Orbit) => Orbit>> = {
  ArrowLeft: (orbit) => dragged(orbit, -STEP, 0),
  ArrowRight: (orbit) => dragged(orbit, STEP, 0),
  ArrowUp: (orbit) => dragged(orbit, 0, -STEP),
  ArrowDown: (orbit) => dragged(orbit, 0, STEP),
  "+": (orbit) => zoomed(orbit, 1 / ZOOM),
  "=": (orbit) => zoomed(orbit, 1 / ZOOM),
  "-": (orbit) => zoomed(orbit, ZOOM),
};

function zoomed(orbit: Orbit, by: number): Orbit {
  return { ...orbit, halfMm: Math.min(400, Math.max(5, orbit.halfMm * by)) };
}

/** Return the listeners of the pane; `onReset` is what Home and a double click do. */
export function useTurning(orbit: Orbit, setOrbit: (next: Orbit) => void, onReset: () => void) {
  const start = useRef<{ pointer: number; x: number; y: number; orbit: Orbit } | null>(null);
  const end = ({ pointerId }: PointerEvent) => {
    if (start.current?.pointer === pointerId) start.current = null;
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      if (start.current) return;
      event.currentTarget.setPointerCapture?.(event.pointerId);
      start.current = { pointer: event.pointerId, x: event.clientX, y: event.clientY, orbit };
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      if (start.current?.pointer !== event.pointerId) return;
      const { x, y, orbit: from } = start.current;
      const height = event.currentTarget.clientHeight || 1;
      setOrbit(dragged(from, (event.clientX - x) / height, (event.clientY - y) / height));
    },
    onPointerUp: end,
    onPointerCancel: end,
    onWheel: ({ deltaY }: WheelEvent) => setOrbit(zoomed(orbit, Math.exp(deltaY / 800))),
    onDoubleClick: onReset,
    // What is used here does not reach the workbench, which has the same keys for the slices.
    onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => {
      if (event.ctrlKey || event.metaKey || event.altKey || wasClicked(event.currentTarget)) return;
      const move = KEYS[event.key];
      if (event.key === "Home") onReset();
      else if (move) setOrbit(move(orbit));
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
