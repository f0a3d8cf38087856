import { get } from "../../api/client";
import { reading } from "../../api/queries";
import type { Asked } from "./log/feed";
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

/** The first grave lines of a task's log, with what stands around them. */
export const errors = (id: string) =>
  reading("task", "/api/tasks/{id}/log/search", {
    path: { id },
    query: { level: "Error", take: 4, context: 3 },
  });

/** What a feed asks of the server, for one task. */
export function askedOf(spaceId: string, id: string): Asked {
  return {
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
