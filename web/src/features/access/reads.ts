import { useMemo } from "react";
import { get } from "../../api/client";
import { reading, useQuery, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { type Choice, choicesOf } from "../../parts/PickMany";
import { spaces, useMay } from "../../shell/session";
import type { Names } from "./held";

/** Everybody there is, for who may see users; nobody for others. */
export function useUsers(): readonly Schema["User"][] {
  const may = useMay("UserView", "") === true;
  return useQuery({ ...reading("other", "/api/users/all"), enabled: may }).data ?? [];
}

/** People as choices. */
export const peopleOf = (users: readonly Schema["User"][]): Choice[] =>
  users.map((user) => ({
    value: user.Id ?? "",
    label:
      user.DisplayName && user.DisplayName !== user.Username
        ? `${user.DisplayName} (${user.Username})`
        : user.Username,
  }));

/** All roles, for who may see them. */
export function useRoles(): readonly Schema["UserRole"][] {
  const may = useMay("UserRoleView", "") === true;
  return useQuery({ ...reading("other", "/api/userroles/all"), enabled: may }).data ?? [];
}

/** The spaces the viewer may enter, as choices. */
export const useSpaceChoices = (): Choice[] =>
  choicesOf(useSuspenseQuery(spaces()).data as { Id: string; Name: string }[]);

interface Places {
  projects: Choice[];
  groups: Choice[];
  environments: Choice[];
}

/** Projects, groups and environments of a space as choices; none without a space, or for who may not see them. */
export function usePlaces(spaceId: string): Places {
  const path = { spaceId };
  const on = { enabled: Boolean(spaceId), retry: false };
  const projects = useQuery({ ...reading("project", "/api/{spaceId}/projects/all", { path }), ...on }).data;
  const groups = useQuery({
    ...reading("project", "/api/{spaceId}/projectgroups/all", { path }),
    ...on,
  }).data;
  const environments = useQuery({
    ...reading("environment", "/api/{spaceId}/environments/all", { path }),
    ...on,
  }).data;
  return { projects: choicesOf(projects), groups: choicesOf(groups), environments: choicesOf(environments) };
}

/** The names of what scopes of these spaces speak of. Spaces one may not enter leave their ids. */
export function useNames(spaceIds: readonly string[]): Names {
  const known = useSuspenseQuery(spaces()).data;
  const wanted = [...new Set(spaceIds)].filter((id) => known.some((space) => space.Id === id)).sort();
  const found = useQuery({
    queryKey: [["project", "environment"], "names", wanted],
    queryFn: async () => (await Promise.all(wanted.map(namesIn))).flat(),
    enabled: wanted.length > 0,
  }).data;
  return useMemo(
    () => new Map([...known.map((space) => [space.Id ?? "", space.Name] as const), ...(found ?? [])]),
    [known, found],
  );
}

async function namesIn(spaceId: string): Promise<(readonly [string, string])[]> {
  const path = { spaceId };
  const lists = await Promise.allSettled([
    get("/api/{spaceId}/projects/all", { path }),
    get("/api/{spaceId}/projectgroups/all", { path }),
    get("/api/{spaceId}/environments/all", { path }),
  ]);
  const found: (readonly [string, string])[] = [];
  for (const list of lists) {
    const items: readonly { Id?: string; Name: string }[] = list.status === "fulfilled" ? list.value : [];
    found.push(...items.map((item) => [item.Id ?? "", item.Name] as const));
  }
  return found;
}
