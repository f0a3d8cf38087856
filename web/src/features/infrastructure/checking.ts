import { useState } from "react";
import { post } from "../../api/client";
import { reading, stale, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { useSaving } from "../../parts/saving";

/** Queues a health check of machines (ids of targets or workers) and gives its task. */
export async function check(spaceId: string, MachineIds: readonly string[]): Promise<Schema["Task"]> {
  const body = { Name: "Health", SpaceId: spaceId, Arguments: { MachineIds } };
  const made = await post("/api/{spaceId}/tasks", { path: { spaceId }, body: body as never });
  stale("task");
  return made as Schema["Task"];
}

/** Starts health checks, and knows the task of the last one. */
export function useCheck(spaceId: string) {
  const [task, setTask] = useState<string>();
  const saving = useSaving();
  const start = (ids: readonly string[]) => saving.run(async () => setTask((await check(spaceId, ids)).Id));
  return { task, start, busy: saving.busy, error: saving.error };
}

/** A task, kept fresh by the stream; nothing before there is one. */
export function useTask(spaceId: string, id: string | undefined): Schema["Task"] | undefined {
  const told = reading("task", "/api/{spaceId}/tasks/{id}", { path: { spaceId, id: id ?? "" } });
  return useQuery({ ...told, enabled: Boolean(id) }).data;
}
