import { useEffect, useMemo, useSyncExternalStore } from "react";
import { askedOf } from "../reads";
import { type LiveRows, TaskFeed } from "./feed";

/** The feed of a task while its page stands. `live` opens its stream. */
export function useFeed(spaceId: string, taskId: string, live: boolean): TaskFeed {
  const feed = useMemo(() => new TaskFeed(askedOf(spaceId, taskId)), [spaceId, taskId]);
  useEffect(() => {
    if (live) feed.follow();
    return () => feed.close();
  }, [feed, live]);
  useSyncExternalStore(feed.subscribe, () => feed.version);
  return feed;
}

/** The rows of a part of a log; undefined for all of it. Finding them goes on while somebody looks. */
export function usePart(
  feed: TaskFeed,
  level: string,
  node: string,
  holds: (node: string) => boolean,
): LiveRows | undefined {
  // biome-ignore lint/correctness/useExhaustiveDependencies: `holds` follows from the activity
  const part = useMemo(() => {
    if (level) return feed.ofLevel(level, node);
    return node ? feed.ofNode(node, holds) : undefined;
  }, [feed, level, node]);
  useEffect(() => {
    const close = part?.open();
    part?.more();
    return close;
  }, [part]);
  return part;
}
