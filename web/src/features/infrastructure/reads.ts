import { reading } from "../../api/queries";
import type { Query, Schema } from "../../api/types";
import type { Becomes } from "./adding";

/** A target, or a worker, which has pools in place of environments and tags. */
export type AnyMachine = Omit<Schema["Machine"], "EnvironmentIds" | "Roles"> & {
  EnvironmentIds?: string[];
  Roles?: string[];
  WorkerPoolIds?: string[];
};

/** A path of targets, or the same of workers: both answer alike. */
export const pathOf = <Rest extends string>(becomes: Becomes, rest: Rest) =>
  `/api/{spaceId}/${becomes}${rest}` as `/api/{spaceId}/machines${Rest}`;

/** Changes of workers are told as those of their checks: the stream has no kind of their own. */
const KINDS = { machines: ["machine"], workers: ["machine", "task", "other"] } as const;

/** What makes everything of a machine stale: itself, and its checks, which are tasks. */
const SEEN = ["machine", "task", "other"] as const;

/** Targets or workers, as filters ask for them; those of one policy, where one is named. */
export function machinesReading(spaceId: string, becomes: Becomes, query: Query, policy?: string) {
  const template = policy
    ? (`/api/{spaceId}/machinepolicies/{id}/${becomes}` as "/api/{spaceId}/machines")
    : pathOf(becomes, "");
  const path = policy ? { spaceId, id: policy } : { spaceId };
  return reading(KINDS[becomes], template, { path, query });
}

/** One target or worker. */
export const machineReading = (spaceId: string, becomes: Becomes, id: string) =>
  reading(SEEN, pathOf(becomes, "/{id}"), { path: { spaceId, id } });

/** What the last health check of a machine saw. */
export const connectionReading = (spaceId: string, becomes: Becomes, id: string) =>
  reading(SEEN, pathOf(becomes, "/{id}/connection"), { path: { spaceId, id } });

/** The newest tasks that had to do with a machine. */
export const machineTasks = (spaceId: string, becomes: Becomes, id: string) =>
  reading("task", pathOf(becomes, "/{id}/tasks"), { path: { spaceId, id }, query: { take: 10 } });

/** Every environment, in order. */
export const environmentsReading = (spaceId: string) =>
  reading("environment", "/api/{spaceId}/environments/all", { path: { spaceId } });

/** Every target tag of the space. */
export const tagsReading = (spaceId: string) =>
  reading("machine", "/api/{spaceId}/machineroles/all", { path: { spaceId } });

/** Every worker pool. */
export const poolsReading = (spaceId: string) =>
  reading("other", "/api/{spaceId}/workerpools/all", { path: { spaceId } });

/** Every machine policy. */
export const policiesReading = (spaceId: string) =>
  reading("other", "/api/{spaceId}/machinepolicies/all", { path: { spaceId } });

/** Every proxy. */
export const proxiesReading = (spaceId: string) =>
  reading("other", "/api/{spaceId}/proxies/all", { path: { spaceId } });

/** Every account. */
export const accountsReading = (spaceId: string) =>
  reading("other", "/api/{spaceId}/accounts/all", { path: { spaceId } });

/** The address of a page of this part of a space. */
export const infrastructure = (spaceId: string, page = "") =>
  `/${spaceId}/infrastructure${page ? `/${page}` : ""}`;
