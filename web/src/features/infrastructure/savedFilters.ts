import { queryOptions } from "@tanstack/react-query";
import { get } from "../../api/client";
import { reading, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { type MachineSearch, queryOf, searchOf, valuesOf } from "./filters";

export type SavedFilter = Schema["MachineFilter"];

/** The filters of targets that were saved in a space. */
export const filtersReading = (spaceId: string) =>
  reading("machine", "/api/{spaceId}/gurita/machine-filters", { path: { spaceId } });

/** What a list shows now, as a filter to keep under a name. Policies are no part of one. */
export function filterOf(name: string, search: MachineSearch): SavedFilter {
  return {
    Name: name,
    PartialName: search.q ?? "",
    EnvironmentIds: valuesOf(search, "environments"),
    Roles: valuesOf(search, "tags"),
    HealthStatuses: valuesOf(search, "health") as SavedFilter["HealthStatuses"],
    CommStyles: valuesOf(search, "kinds"),
    IsDisabled: search.disabled ? search.disabled === "yes" : null,
  };
}

/** What a list has to show for a saved filter. */
export function searchOfFilter(filter: SavedFilter): MachineSearch {
  return searchOf({
    q: filter.PartialName,
    environments: filter.EnvironmentIds.join(","),
    tags: filter.Roles.join(","),
    health: filter.HealthStatuses.join(","),
    kinds: filter.CommStyles.join(","),
    disabled: filter.IsDisabled === null ? undefined : filter.IsDisabled ? "yes" : "no",
  });
}

/** The saved filter that shows what a list shows now, whatever page of it. */
export function currentOf(filters: readonly SavedFilter[], search: MachineSearch): SavedFilter | undefined {
  const text = (one: MachineSearch) => JSON.stringify(searchOf({ ...one, page: undefined }));
  return search.policies ? undefined : filters.find((each) => text(searchOfFilter(each)) === text(search));
}

/** The filter with a name, in whatever case it is written. */
export const named = (filters: readonly SavedFilter[], name: string): SavedFilter | undefined =>
  filters.find((each) => each.Name.toLowerCase() === name.toLowerCase());

/** The filters with one more, which takes the place of one with its name. */
export const kept = (filters: readonly SavedFilter[], filter: SavedFilter): SavedFilter[] => [
  ...filters.filter((each) => each.Name.toLowerCase() !== filter.Name.toLowerCase()),
  filter,
];

const AT_ONCE = 1000;

async function allOf(spaceId: string, filter: SavedFilter, signal: AbortSignal): Promise<string[]> {
  const query = queryOf(searchOfFilter(filter));
  const ids: string[] = [];
  for (;;) {
    const page = await get("/api/{spaceId}/machines", {
      path: { spaceId },
      query: { ...query, skip: ids.length, take: AT_ONCE },
      signal,
    });
    ids.push(...page.Items.map((each) => each.Id));
    if (page.Items.length === 0 || ids.length >= page.TotalResults) return ids;
  }
}

/** What a saved filter means now: the ids of its targets, not known yet, or no such filter. */
export type Fitting = { ids: readonly string[] } | "asking" | "missing";

/** The targets that fit a saved filter now. They are asked for again when a target changes. */
export function useFitting(spaceId: string, name: string | undefined): Fitting | undefined {
  const saved = useQuery({ ...filtersReading(spaceId), enabled: name !== undefined }).data;
  const filter = name === undefined ? undefined : named(saved?.Filters ?? [], name);
  const { data } = useQuery(
    queryOptions({
      queryKey: [["machine"], "fitting", spaceId, filter] as const,
      queryFn: ({ signal }) => (filter ? allOf(spaceId, filter, signal) : []),
      enabled: filter !== undefined,
    }),
  );
  if (name === undefined) return undefined;
  if (saved && !filter) return "missing";
  return data && filter ? { ids: data } : "asking";
}
