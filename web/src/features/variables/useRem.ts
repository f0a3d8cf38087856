import { useSyncExternalStore } from "react";

const read = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

/** How many pixels a rem has now; larger text in the browser's settings makes rows higher. */
export function useRem(): number {
  return useSyncExternalStore(
    (watcher) => {
      window.addEventListener("resize", watcher);
      return () => window.removeEventListener("resize", watcher);
    },
    read,
    () => 16,
  );
}
