import { reading, useQuery, useSuspenseQuery } from "../api/queries";
import type { Schema } from "../api/types";

/** Who is signed in. */
export const me = () => reading("other", "/api/users/me");

/** The spaces the viewer may enter. */
export const spaces = () => reading("other", "/api/spaces/all");

/** What the viewer may do, by permission. */
export const permissions = (id: string) => reading("other", "/api/users/{id}/permissions", { path: { id } });

/** Who is signed in; for pages below the shell, which has loaded it. */
export const useMe = (): Schema["User"] => useSuspenseQuery(me()).data;

/**
 * Whether the viewer holds a permission anywhere in a space (or in the system, for ""). Undefined while that is not known.
 *
 * A scope may still narrow it: the server decides, and says which permission is missing.
 */
export function useMay(permission: string, spaceId: string): boolean | undefined {
  const held = useQuery(permissions(useMe().Id)).data;
  if (!held) return undefined;
  const { SpacePermissions, SystemPermissions } = held as {
    SpacePermissions?: Record<string, readonly { SpaceId?: string | null }[]>;
    SystemPermissions?: readonly string[];
  };
  if (SystemPermissions?.includes(permission)) return true;
  return (SpacePermissions?.[permission] ?? []).some((grant) => !grant.SpaceId || grant.SpaceId === spaceId);
}
