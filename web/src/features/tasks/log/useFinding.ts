import { useCallback, useEffect, useRef, useState } from "react";
import { get } from "../../../api/client";
import type { TaskFeed } from "./feed";

interface Finding {
  /** Numbers of the lines that hold the text, as far as they were looked for. */
  hits: readonly number[];
  /** Whether the log was searched to its end. */
  whole: boolean;
  busy: boolean;
  error: unknown;
  /** Goes on searching. */
  more: () => void;
}

const NONE: readonly number[] = [];

/** Searches a log on the server, a thousand hits at a time. The browser holds their numbers. */
export function useFinding(
  feed: TaskFeed,
  taskId: string,
  text: string,
  level: string,
  node: string,
): Finding {
  const [found, setFound] = useState({ hits: NONE, next: 0, error: undefined as unknown });
  const [busy, setBusy] = useState(false);
  const running = useRef<AbortController | undefined>(undefined);

  const load = useCallback(
    async (first: number, before: readonly number[]) => {
      running.current?.abort();
      const mine = new AbortController();
      running.current = mine;
      setBusy(true);
      try {
        const query = { text, level, node, first, take: 1000 };
        const answer = await get("/api/tasks/{id}/log/search", {
          path: { id: taskId },
          query,
          signal: mine.signal,
        });
        feed.take(answer.Lines, answer.Total);
        const hits = [...before, ...answer.Lines.map((line) => line.Number)];
        setFound({ hits, next: answer.Next, error: undefined });
      } catch (error) {
        if (!mine.signal.aborted) setFound((known) => ({ ...known, error }));
      } finally {
        if (running.current === mine) setBusy(false);
      }
    },
    [feed, taskId, text, level, node],
  );

  useEffect(() => {
    setFound({ hits: NONE, next: 0, error: undefined });
    if (!text) return;
    const timer = setTimeout(() => void load(0, NONE), 250);
    return () => {
      clearTimeout(timer);
      running.current?.abort();
    };
  }, [text, load]);

  const { hits, next, error } = found;
  return { hits, whole: next < 0, busy, error, more: () => void load(Math.max(0, next), hits) };
}
