/** The tab's title, so that ten open tabs can be told apart. */
import { useEffect } from "react";

/** Set the tab's title while the page is shown. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === "" ? "Overread" : `${title} · Overread`;
  }, [title]);
}
