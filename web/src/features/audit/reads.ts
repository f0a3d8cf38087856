import { useParams } from "@tanstack/react-router";
import { reading, useQuery, useSuspenseQuery } from "../../api/queries";
import type { Answer, Query, Schema } from "../../api/types";
import { useSpace } from "../../shell/space";

/** Whether the page is of one space, and where it is below `/app`. */
export function useTrailPlace(): { spaceId: string; to: string; scope: string } {
  const { space } = useParams({ strict: false });
  const found = useSpace();
  const spaceId = space ? (found?.Id ?? space) : "";
  return spaceId
    ? { spaceId, to: `/${spaceId}/audit`, scope: `/api/${spaceId}` }
    : { spaceId, to: "/configuration/audit", scope: "/api" };
}

const KINDS = [
  "task",
  "deployment",
  "machine",
  "project",
  "release",
  "environment",
  "interruption",
  "other",
] as const;

/** A page of the trail of a space, or of all for "". */
export function useEvents(spaceId: string, query: Query) {
  const all = useQuery({
    ...reading(KINDS, "/api/events", { query }),
    enabled: !spaceId,
    placeholderData: kept,
  });
  const some = useQuery({
    ...reading(KINDS, "/api/{spaceId}/events", { path: { spaceId }, query }),
    enabled: Boolean(spaceId),
    placeholderData: kept,
  });
  return spaceId ? some : all;
}

const kept = (before: Answer<"get", "/api/events"> | undefined) => before;

/** One event. */
export function useEvent(spaceId: string, id: string): Schema["Event"] {
  const all = reading("other", "/api/events/{id}", { path: { id } });
  const some = reading("other", "/api/{spaceId}/events/{id}", { path: { spaceId, id } });
  return useSuspenseQuery((spaceId ? some : all) as typeof all).data;
}
