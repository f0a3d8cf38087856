import { reading, useQuery } from "../api/queries";
import type { Message } from "../text";

const NONE = { take: 0 } as const;

/** The numbers beside the navigation: what waits for the viewer, what runs, which targets are in trouble. */
export function useCounts(spaceId: string): Record<string, { count: number; says: Message }> {
  const path = { spaceId };
  const enabled = spaceId !== "";
  const running = useQuery({
    ...reading("task", "/api/{spaceId}/tasks", { path, query: { ...NONE, states: "Executing" } }),
    enabled,
  }).data?.TotalResults;
  const waiting = useQuery({
    ...reading(["interruption", "task"], "/api/{spaceId}/interruptions", {
      path,
      query: { ...NONE, pendingOnly: true },
    }),
    enabled,
  }).data?.TotalResults;
  const failing = useQuery({
    ...reading("machine", "/api/{spaceId}/machines", {
      path,
      query: { ...NONE, healthStatuses: "Unhealthy,Unavailable", isDisabled: false },
    }),
    enabled,
  }).data?.TotalResults;
  const found: Record<string, { count: number; says: Message }> = {};
  if (waiting) found.tasks = { count: waiting, says: "need a person" };
  else if (running) found.tasks = { count: running, says: "running" };
  if (failing) found["infrastructure/machines"] = { count: failing, says: "in trouble" };
  return found;
}
