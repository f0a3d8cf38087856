import { reading } from "../../api/queries";

interface Part {
  [name: string]: string | number | boolean | undefined;
}

/** Packages of the built-in repository: the newest version of each, or all versions of one. */
export const packagesReading = (spaceId: string, query: Part) =>
  reading("other", "/api/{spaceId}/packages", { path: { spaceId }, query });

/** How much the built-in repository holds. */
export const statsReading = (spaceId: string) =>
  reading("other", "/api/{spaceId}/feeds/stats", { path: { spaceId } });

/** The releases that use a version of a package, newest first. */
export const usesReading = (spaceId: string, package_id: string, version: string, take: number) =>
  reading(
    ["release", "deployment", "task", "environment"],
    "/api/{spaceId}/gurita/packages/{package_id}/{version}/releases",
    { path: { spaceId, package_id, version }, query: { take } },
  );
