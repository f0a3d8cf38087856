import type { Query } from "../../api/types";
import { oneOf, page, someOf, text, texts } from "../../shell/address";
import { HEALTHS } from "./health";

/** What the address of a list of machines says. Lists are joined by commas. */
export interface MachineSearch {
  q?: string;
  environments?: string;
  tags?: string;
  health?: string;
  kinds?: string;
  policies?: string;
  pools?: string;
  /** "yes" shows only disabled machines, "no" only enabled ones. */
  disabled?: "yes" | "no";
  page?: number;
}

export const LISTS = ["environments", "tags", "health", "kinds", "policies", "pools"] as const;
export type ListFilter = (typeof LISTS)[number];

/** How many machines a page of the list has. */
export const PAGE = 100;

/** Reads the search of an address, whoever wrote it. */
export function searchOf(given: Record<string, unknown>): MachineSearch {
  return {
    ...texts(given, LISTS),
    q: text(given.q)?.trim() || undefined,
    health: someOf(HEALTHS, given.health),
    disabled: oneOf(["yes", "no"], given.disabled),
    page: page(given.page),
  };
}

/** The values of a filter. */
export const valuesOf = (search: MachineSearch, name: ListFilter): string[] =>
  (search[name] ?? "").split(",").filter(Boolean);

/** The search after a filter was changed: back on the first page. */
export const filtered = (search: MachineSearch, change: Record<string, unknown>): MachineSearch =>
  searchOf({ ...search, page: undefined, ...change });

/** How many filters are on, besides the name. */
export const countOf = (search: MachineSearch): number =>
  LISTS.filter((name) => search[name]).length + (search.disabled ? 1 : 0);

/** The search as the API's query. */
export function queryOf(search: MachineSearch): Query {
  return {
    partialName: search.q,
    environmentIds: search.environments,
    roles: search.tags,
    healthStatuses: search.health,
    commStyles: search.kinds,
    workerPoolIds: search.pools,
    isDisabled: search.disabled ? search.disabled === "yes" : undefined,
    skip: ((search.page ?? 1) - 1) * PAGE,
    take: PAGE,
  };
}
