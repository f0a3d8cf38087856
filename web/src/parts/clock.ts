import { useSyncExternalStore } from "react";

const BEAT = 1000;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const watchers = new Set<() => void>();

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of watchers) each();
  }, BEAT);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time in milliseconds, rounded down to `step` milliseconds: renders again only when that changes. */
export function useNow(step = BEAT): number {
  return useSyncExternalStore(subscribe, () => Math.floor(now / step) * step);
}
