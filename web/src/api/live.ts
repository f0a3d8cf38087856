import { useSyncExternalStore } from "react";
import { address } from "./client";
import { type Kind, queries, stale } from "./queries";

/** How fresh the page is: it hears of changes, it tries to, or it has given up for now. */
export type Freshness = "live" | "reconnecting" | "offline";

interface Heard {
  freshness: Freshness;
  /** When the stream was last known to be alive, in milliseconds. */
  since: number;
}

const LONGEST_PAUSE = 15_000;
const GATHERED = 150;

let heard: Heard = { freshness: "reconnecting", since: Date.now() };
const watchers = new Set<() => void>();

function now(freshness: Freshness): void {
  if (heard.freshness === freshness) return;
  heard = { freshness, since: Date.now() };
  for (const watcher of watchers) watcher();
}

/** How fresh the page is, for the sign in the header. */
export function useFreshness(): Heard {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => heard,
  );
}

/**
 * Follows what changes in a space and makes what is known of it stale; returns how to stop.
 *
 * After a `reset` (away for longer than the server remembers) everything is read anew. A stream that the server closed
 * is opened again with growing pauses, from the last event that was heard, so nothing is missed.
 */
export function follow(spaceId: string): () => void {
  let source: EventSource | undefined;
  let last = "";
  let pause = 500;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gathering: ReturnType<typeof setTimeout> | undefined;
  const kinds = new Set<Kind>();
  let ended = false;

  const tell = () => {
    gathering = undefined;
    stale(...kinds);
    kinds.clear();
  };
  const open = () => {
    if (ended) return;
    source = new EventSource(address("/api/{spaceId}/gurita/changes", { spaceId }, { lastEventId: last }));
    source.onopen = () => {
      pause = 500;
      now("live");
    };
    source.addEventListener("hello", (event) => {
      last = event.lastEventId;
    });
    source.addEventListener("reset", (event) => {
      last = event.lastEventId;
      void queries.invalidateQueries();
    });
    source.addEventListener("change", (event) => {
      last = event.lastEventId;
      kinds.add((JSON.parse(event.data) as { Kind: Kind }).Kind);
      gathering ??= setTimeout(tell, GATHERED);
    });
    source.onerror = () => {
      now(navigator.onLine ? "reconnecting" : "offline");
      if (source?.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    };
  };
  open();
  return () => {
    ended = true;
    clearTimeout(timer);
    clearTimeout(gathering);
    source?.close();
  };
}
