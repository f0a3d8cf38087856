import { reading } from "../../api/queries";

/** All lifecycles, as they are kept. */
export const allLifecycles = (spaceId: string) =>
  reading("other", "/api/{spaceId}/lifecycles/all", { path: { spaceId } });

/** All lifecycles, with their phases as they work out now. */
export const previews = (spaceId: string) =>
  reading(["other", "environment"], "/api/{spaceId}/lifecycles/previews", { path: { spaceId } });

/** The environments of a space in their order. */
export const allEnvironments = (spaceId: string) =>
  reading("environment", "/api/{spaceId}/environments/all", { path: { spaceId } });
