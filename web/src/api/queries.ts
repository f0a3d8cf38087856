import {
  queryOptions as options,
  QueryClient,
  type QueryKey,
  type UseSuspenseQueryOptions,
  useQuery,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { get, gone } from "./client";
import { Refusal } from "./errors";
import type { Answer, PathOf, PathValues, Query } from "./types";

/**
 * The kinds of things the server's event stream tells about; the first part of every key of a query.
 *
 * One in the plural is a part of the API's paths: whatever is read below it goes stale, also where its query names
 * another kind.
 */
export type Kind =
  | "accounts"
  | "artifact"
  | "certificates"
  | "channels"
  | "deploymentprocesses"
  | "deployment"
  | "environment"
  | "feeds"
  | "interruption"
  | "libraryvariablesets"
  | "lifecycles"
  | "machine"
  | "machine-filters"
  | "machinepolicies"
  | "project"
  | "projectgroups"
  | "proxies"
  | "release"
  | "subscriptions"
  | "task"
  | "variables"
  | "workerpools"
  | "workers"
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

/** Says that everything known of these kinds may have changed. What was deleted here is not asked for again. */
export function stale(...kinds: Kind[]): void {
  const told = ([named, template]: QueryKey) =>
    kinds.some(
      (kind) => (Array.isArray(named) && named.includes(kind)) || `${template}/`.includes(`/${kind}/`),
    );
  void queries.invalidateQueries({
    predicate: (query) => {
      const { queryKey, state } = query;
      if (!told(queryKey)) return false;
      const own = (state.data as { Id?: string } | undefined)?.Id;
      if (![own, ...Object.values(queryKey[2] ?? {})].some((id) => gone.has(id as string))) return true;
      query.invalidate();
      return false;
    },
  });
}

export type { UseSuspenseQueryOptions };
export { useQuery, useSuspenseQuery };
