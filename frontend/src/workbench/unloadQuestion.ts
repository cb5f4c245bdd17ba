/** Ask before the window goes away while it holds the only copy of some work. */
import { useEffect, useRef } from "react";

export function useUnloadQuestion(isOnlyHere: () => boolean): void {
  const latest = useRef(isOnlyHere);
  latest.current = isOnlyHere;
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (latest.current()) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);
}
