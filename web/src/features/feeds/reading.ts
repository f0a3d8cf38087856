import { reading } from "../../api/queries";

/** All feeds of a space. */
export const feedsReading = (spaceId: string) =>
  reading("other", "/api/{spaceId}/feeds/all", { path: { spaceId } });

/** A feed. */
export const feedReading = (spaceId: string, id: string) =>
  reading("other", "/api/{spaceId}/feeds/{id}", { path: { spaceId, id } });

/** Packages of a feed whose id holds a text. */
export const searchReading = (spaceId: string, id: string, term: string) =>
  reading("other", "/api/{spaceId}/feeds/{id}/packages/search", {
    path: { spaceId, id },
    query: { term, take: 20 },
  });
