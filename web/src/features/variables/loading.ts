import { queryOptions } from "@tanstack/react-query";
import { get, put } from "../../api/client";
import { queries, reading } from "../../api/queries";
import type { Schema } from "../../api/types";
import { type Row, rowsOf, variableOf } from "./model";
import { ScopeBook } from "./scopes";

/** A set as the editor holds it. */
export interface Loaded {
  id: string;
  ownerId: string;
  version: number;
  rows: readonly Row[];
  book: ScopeBook;
  /** What its values may be limited to, as the server lists it. */
  values: Schema["ScopeValues"] | undefined;
}

async function loadedOf(spaceId: string, set: Schema["VariableSet"]): Promise<Loaded> {
  const hidden = set.Variables.some((each) => each.IsSensitive);
  const secrets = hidden
    ? await get("/api/{spaceId}/variables/{id}/secrets", { path: { spaceId, id: set.Id } })
    : [];
  return {
    id: set.Id,
    ownerId: set.OwnerId,
    version: set.Version,
    rows: rowsOf(set, secrets),
    book: new ScopeBook(set.ScopeValues ?? undefined),
    values: set.ScopeValues ?? undefined,
  };
}

const key = (spaceId: string, id: string) => [["variables"], "variable-set", spaceId, id] as const;

/** The set with this id, with what is known of its secrets. */
export const setReading = (spaceId: string, id: string) =>
  queryOptions({
    queryKey: key(spaceId, id),
    queryFn: async ({ signal }) =>
      loadedOf(spaceId, await get("/api/{spaceId}/variables/{id}", { path: { spaceId, id }, signal })),
    staleTime: 5000,
    structuralSharing: false,
  });

/** The set of a project, by the project's id or slug. */
export const projectSetReading = (spaceId: string, project: string) =>
  queryOptions({
    queryKey: key(spaceId, `project ${project}`),
    queryFn: async ({ signal }) =>
      loadedOf(
        spaceId,
        await get("/api/{spaceId}/projects/{id}/variables", { path: { spaceId, id: project }, signal }),
      ),
    staleTime: 5000,
    structuralSharing: false,
  });

/** What is probably not meant, as the server sees the saved set. */
export const warningsReading = (spaceId: string, id: string) =>
  reading("other", "/api/{spaceId}/variables/{id}/warnings", { path: { spaceId, id } });

/** The names of a project's variables and of the sets it includes. */
export const namesReading = (spaceId: string, project: string) =>
  reading("other", "/api/{spaceId}/variables/names", { path: { spaceId }, query: { project } });

/** Reads a set anew, past everything that is remembered. */
export const readAgain = async (spaceId: string, id: string): Promise<Loaded> =>
  loadedOf(spaceId, await get("/api/{spaceId}/variables/{id}", { path: { spaceId, id } }));

/** Saves all rows of a set at once. A set that somebody saved since `version` is refused with 409. */
export async function save(
  spaceId: string,
  loaded: Loaded,
  version: number,
  rows: readonly Row[],
): Promise<Loaded> {
  const body = {
    Id: loaded.id,
    OwnerId: loaded.ownerId,
    SpaceId: spaceId,
    Version: version,
    Variables: rows.map(variableOf),
  };
  const answer = await put("/api/{spaceId}/variables/{id}", { path: { spaceId, id: loaded.id }, body });
  const saved = await loadedOf(spaceId, answer);
  queries.setQueriesData<Loaded>({ queryKey: [["variables"], "variable-set", spaceId] }, (held) =>
    held?.id === saved.id ? saved : held,
  );
  const { queryKey } = warningsReading(spaceId, loaded.id);
  queries.setQueryData(queryKey, (answer.Warnings ?? []) as Schema["VariableWarning"][]);
  void queries.invalidateQueries({ queryKey: [["other"], "/api/{spaceId}/variables/names"] });
  void queries.invalidateQueries({ queryKey: [["other"], "/api/{spaceId}/variables/explain"] });
  return saved;
}
