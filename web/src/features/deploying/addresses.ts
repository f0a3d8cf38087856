/** The page of a release. */
export const releaseAddress = (spaceId: string, releaseId: string): string =>
  `/${spaceId}/releases/${releaseId}`;

/** The page on which a release is deployed; with an environment it is chosen already. */
export const deployAddress = (spaceId: string, releaseId: string, environmentId = ""): string =>
  `/${spaceId}/releases/${releaseId}/deploy${environmentId ? `?environment=${environmentId}` : ""}`;

/** The page of a task. */
export const taskAddress = (spaceId: string, taskId: string): string => `/${spaceId}/tasks/${taskId}`;
