import type { Schema } from "../../api/types";

/** Names of ids, for sentences. */
export type Names = ReadonlyMap<string, string>;

/** A place a permission is held in. */
export interface HeldPlace {
  space: string;
  /** What it is narrowed to, in words; "" for everything there. */
  only: string;
}

const joined = (ids: readonly string[], names: Names) => ids.map((id) => names.get(id) ?? id).join(", ");

/** What a restriction narrows to, in words: "projects Web, Shop; environments Test". "" for nothing. */
export function narrowed(
  one: Pick<Schema["ScopedUserRole"], "ProjectIds" | "ProjectGroupIds" | "EnvironmentIds" | "TenantIds">,
  names: Names,
): string {
  const parts: [string, readonly string[] | undefined][] = [
    ["projects", one.ProjectIds],
    ["project groups", one.ProjectGroupIds],
    ["environments", one.EnvironmentIds],
    ["tenants", one.TenantIds],
  ];
  return parts
    .filter(([, ids]) => ids && ids.length > 0)
    .map(([word, ids]) => `${word} ${joined(ids ?? [], names)}`)
    .join("; ");
}

/** Where somebody holds each permission: by permission, the places. `everywhere` is what a place without space is called. */
export function heldPlaces(
  set: Schema["PermissionSet"],
  names: Names,
  everywhere: string,
): Map<string, HeldPlace[]> {
  const found = new Map<string, HeldPlace[]>();
  for (const [permission, restrictions] of Object.entries(set.SpacePermissions)) {
    found.set(
      permission,
      restrictions.map((one) => ({
        space: one.SpaceId ? (names.get(one.SpaceId) ?? one.SpaceId) : everywhere,
        only: narrowed(
          {
            ProjectIds: one.RestrictedToProjectIds,
            ProjectGroupIds: one.RestrictedToProjectGroupIds,
            EnvironmentIds: one.RestrictedToEnvironmentIds,
            TenantIds: one.RestrictedToTenantIds,
          },
          names,
        ),
      })),
    );
  }
  return found;
}
