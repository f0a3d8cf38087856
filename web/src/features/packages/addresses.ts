/** The page of a package of the built-in repository; with a version it is open there. */
export const packageAddress = (spaceId: string, packageId: string): string =>
  `/${spaceId}/library/packages/${encodeURIComponent(packageId)}`;
