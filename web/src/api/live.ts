import { useSyncExternalStore } from "react";
import { address, get } from "./client";
import { type Kind, queries, stale } from "./queries";

/**
 * How fresh the page is: it hears of changes; it asks every few seconds, because something between it and the server
 * holds the stream back; it tries to reach the server; or there is no network at all.
 */
export type Freshness = "live" | "asking" | "reconnecting" | "offline";

interface Heard {
  freshness: Freshness;
  /** When the stream was last known to be alive, in milliseconds. */
  since: number;
  /** It has been live, or asking, before. */
  ever: boolean;
}

const LONGEST_PAUSE = 15_000;
const GATHERED = 150;
const HELD_BACK = 10_000;
const UNSEEN = 60_000;
/** The server shows every ten seconds that it lives. */
export const SILENCE = 25_000;

let heard: Heard = { freshness: "reconnecting", since: Date.now(), ever: false };
const watchers = new Set<() => void>();

function now(freshness: Freshness): void {
  if (heard.freshness === freshness) return;
  heard = { freshness, since: Date.now(), ever: true };
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

/** One page's ear for what changes in a space. */
class Ear {
  private source: EventSource | undefined;
  private last = "";
  private pause = 500;
  private again: ReturnType<typeof setTimeout> | undefined;
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private asking: ReturnType<typeof setInterval> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  /** Something came through: nothing on the way gathers events before it passes them on. */
  private flows = false;
  private readonly kinds = new Set<Kind>();

  constructor(private readonly spaceId: string) {}

  open = (): void => {
    if (this.source && this.source.readyState !== EventSource.CLOSED) return;
    const { spaceId, last } = this;
    const source = new EventSource(
      address("/api/{spaceId}/gurita/changes", { spaceId }, { lastEventId: last }),
    );
    this.source = source;
    source.onopen = () => {
      if (this.flows) this.hears();
    };
    for (const kind of ["hello", "reset", "change", "beat"]) source.addEventListener(kind, this.take);
    source.onerror = this.lost;
    this.wait();
    // A proxy that gathers what is sent before it passes it on would keep the page waiting for ever.
    this.asking ??= setInterval(() => this.ask(), HELD_BACK);
  };

  close = (): void => {
    clearTimeout(this.again);
    clearTimeout(this.silence);
    clearInterval(this.asking);
    this.asking = undefined;
    this.source?.close();
  };

  private hears(): void {
    this.pause = 500;
    clearInterval(this.asking);
    this.asking = undefined;
    now("live");
  }

  /** A network may vanish without a word: whatever flowed before and is silent for too long is given up. */
  private wait(): void {
    clearTimeout(this.silence);
    if (!this.flows) return;
    this.silence = setTimeout(() => {
      this.source?.close();
      this.lost();
    }, SILENCE);
  }

  private ask(): void {
    if (!navigator.onLine) return;
    void queries.invalidateQueries().then(() => {
      const reached = queries.getQueryCache().findAll({ type: "active" });
      if (this.asking && reached.some((query) => query.state.status === "success" && !query.state.error))
        now("asking");
    });
  }

  private take = (event: MessageEvent<string>): void => {
    this.last = event.lastEventId;
    this.flows = true;
    this.hears();
    this.wait();
    if (event.type === "reset") void queries.invalidateQueries();
    if (event.type !== "change") return;
    this.kinds.add((JSON.parse(event.data) as { Kind: Kind }).Kind);
    this.gathering ??= setTimeout(this.tell, GATHERED);
  };

  private tell = (): void => {
    this.gathering = undefined;
    stale(...this.kinds);
    this.kinds.clear();
  };

  private lost = (): void => {
    now(navigator.onLine ? "reconnecting" : "offline");
    if (this.source?.readyState !== EventSource.CLOSED) return;
    // The stream does not say why it was refused; somebody who was signed out is told so by any other request.
    void get("/api/users/me").catch(() => undefined);
    this.again = setTimeout(this.open, this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  };
}

/**
 * Follows what changes in a space and makes what is known of it stale; returns how to stop.
 *
 * After a `reset` (away for longer than the server remembers) everything is read anew. A stream that the server closed
 * is opened again with growing pauses, from the last event that was heard, so nothing is missed. A page nobody has
 * looked at for a minute lets go of its stream, since browsers allow few connections, and goes on when it is seen.
 */
export function follow(spaceId: string): () => void {
  const ear = new Ear(spaceId);
  let unseen: ReturnType<typeof setTimeout> | undefined;
  const seen = () => {
    clearTimeout(unseen);
    if (document.hidden) unseen = setTimeout(ear.close, UNSEEN);
    else ear.open();
  };
  document.addEventListener("visibilitychange", seen);
  window.addEventListener("online", ear.open);
  ear.open();
  return () => {
    clearTimeout(unseen);
    document.removeEventListener("visibilitychange", seen);
    window.removeEventListener("online", ear.open);
    ear.close();
  };
}
