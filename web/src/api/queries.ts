import {
  queryOptions as options,
  QueryClient,
  type UseSuspenseQueryOptions,
  useQuery,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { get } from "./client";
import { Refusal } from "./errors";
import type { Answer, PathOf, PathValues, Query } from "./types";

/** The kinds of things the server's event stream tells about; the first part of every key of a query. */
export type Kind =
  | "artifact"
  | "deployment"
  | "environment"
  | "interruption"
  | "machine"
  | "project"
  | "release"
  | "task"
  | "other";

/** What the portal knows of the server. A refusal is final; a broken line is tried again with growing pauses. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => !(error instanceof Refusal) && count < 4,
      retryDelay: (count) => Math.min(1000 * 2 ** count, 15_000),
      refetchOnWindowFocus: false,
    },
  },
});

/**
 * A read as a query that live changes of its `kinds` make stale.
 *
 * Its key is `[kinds, template, path, query]`, so that the stream can find it by kind.
 */
export function reading<P extends PathOf<"get">>(
  kinds: Kind | readonly Kind[],
  template: P,
  told: { path?: PathValues<P>; query?: Query } = {},
) {
  return options({
    queryKey: [[kinds].flat(), template, told.path ?? {}, told.query ?? {}] as const,
    queryFn: ({ signal }): Promise<Answer<"get", P>> => get(template, { ...told, signal }),
  });
}

/** Says that everything known of these kinds may have changed. */
export function stale(...kinds: Kind[]): void {
  const wanted = new Set<string>(kinds);
  void queries.invalidateQueries({
    predicate: ({ queryKey }) => Array.isArray(queryKey[0]) && queryKey[0].some((kind) => wanted.has(kind)),
  });
}

export type { UseSuspenseQueryOptions };
export { useQuery, useSuspenseQuery };
