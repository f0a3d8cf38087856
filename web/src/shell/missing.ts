import { t } from "../text";
import { useMay } from "./session";

/** Why the viewer may not do something, for `why` of a button: the missing permission and whom to ask; nothing if they may. */
export function useMissing(permission: string, spaceId = ""): string | undefined {
  return useMay(permission, spaceId) === false ? missing(permission, spaceId) : undefined;
}

/** The same sentence for a permission that is known to be missing. */
export function missing(permission: string, spaceId = ""): string {
  return spaceId
    ? t("You lack the permission {{permission}} in this space. Whoever manages the space can give it.", {
        permission,
      })
    : t("You lack the permission {{permission}} in the system. An administrator can give it.", {
        permission,
      });
}
