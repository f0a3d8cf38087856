import { get } from "../../api/client";
import { queries, reading } from "../../api/queries";
import type { Asked } from "./log/feed";
import { PAGE } from "./log/lines";
import type { Run } from "./log/segments";
import { followTask } from "./log/stream";

/** The tree of a task with no more of its log than must be. */
export const details = (id: string) =>
  reading(["task", "interruption"], "/api/tasks/{id}/details", { path: { id }, query: { tail: 0 } });

/** Why a task is in its state, and what it waits for. */
export const explained = (id: string) =>
  reading(["task", "interruption"], "/api/tasks/{id}/explain", { path: { id } });

/** The tasks a task waits for, the first few. */
export const before = (id: string) =>
  reading("task", "/api/tasks/{id}/queued-behind", { path: { id }, query: { take: 5 } });

/** The questions of a task, answered ones too. */
export const questions = (spaceId: string, id: string) =>
  reading(["interruption", "task"], "/api/{spaceId}/interruptions", {
    path: { spaceId },
    query: { regarding: id, take: 100 },
  });

/** The files a task left. */
export const artifacts = (spaceId: string, id: string) =>
  reading(["artifact", "task"], "/api/{spaceId}/artifacts", {
    path: { spaceId },
    query: { regarding: id, take: 200 },
  });

/** The first grave lines of a task's log, or of one of its activities, with what stands around them. */
export const errors = (id: string, node: string) =>
  reading("task", "/api/tasks/{id}/log/search", {
    path: { id },
    query: { level: "Error", node, take: 12, context: 3 },
  });

/** The page of a log that holds a line, counted from 0: what its viewer begins with, read while the page is on its way. */
export const firstPage = (id: string, line: number) => {
  const first = Math.floor(Math.max(0, line) / PAGE) * PAGE;
  return {
    ...reading("other", "/api/tasks/{id}/log", { path: { id }, query: { first, take: PAGE } }),
    staleTime: 3000,
  };
};

/** What a feed asks of the server, for one task. */
export function askedOf(spaceId: string, id: string): Asked {
  return {
    begin: (line) => queries.fetchQuery(firstPage(id, line)),
    range: (wanted) => get("/api/tasks/{id}/log", { path: { id }, query: { ...wanted } }),
    search: (first, level, node) =>
      get("/api/tasks/{id}/log/search", { path: { id }, query: { first, level, node, take: 1000 } }),
    map: async (node, first) => {
      const found = await get("/api/tasks/{id}/log/map", { path: { id }, query: { node, first } });
      return { ...found, Runs: found.Runs as unknown as readonly Run[] };
    },
    follow: (heard) => followTask(spaceId, id, heard),
  };
}
