import type { Query } from "../../api/types";
import { day, page, text, texts } from "../../shell/address";

/** What the audit page's address says: filters, the page of the list, and which event is open. */
export interface AuditSearch {
  q?: string;
  groups?: string;
  categories?: string;
  users?: string;
  types?: string;
  projects?: string;
  environments?: string;
  regarding?: string;
  spaces?: string;
  from?: string;
  to?: string;
  page?: number;
  open?: string;
}

/** The filters that hold several values, joined by commas. */
export const LISTS = [
  "groups",
  "categories",
  "users",
  "types",
  "projects",
  "environments",
  "regarding",
  "spaces",
] as const;

export type ListFilter = (typeof LISTS)[number];

/** How many events a page has. */
export const PAGE = 50;

/** Reads the search of an address, whoever wrote it. */
export function searchOf(given: Record<string, unknown>): AuditSearch {
  return {
    ...texts(given, [...LISTS, "open"]),
    q: text(given.q)?.trim() || undefined,
    from: day(given.from),
    to: day(given.to),
    page: page(given.page),
  };
}

/** The values of a filter. */
export const valuesOf = (search: AuditSearch, name: ListFilter): string[] =>
  (search[name] ?? "").split(",").filter(Boolean);

/** The search after a filter was changed: back on the first page, nothing open. */
export function filtered(search: AuditSearch, change: Partial<AuditSearch>): AuditSearch {
  return searchOf({ ...search, page: undefined, open: undefined, ...change });
}

/** How many filters are on, besides the text. */
export const countOf = (search: AuditSearch): number =>
  [...LISTS, "from" as const, "to" as const].filter((name) => search[name]).length;

/** The start of a day in the viewer's zone, as the API reads moments. */
const startOf = (day: string): string => new Date(`${day}T00:00:00`).toISOString();

/** The last moment of a day in the viewer's zone. */
const endOf = (day: string): string => new Date(`${day}T23:59:59.999`).toISOString();

/** The filters as the API's query, without the page. */
export function filterQuery(search: AuditSearch): Query {
  return {
    partialName: search.q,
    eventGroups: search.groups,
    eventCategories: search.categories,
    users: search.users,
    documentTypes: search.types,
    projects: search.projects,
    environments: search.environments,
    regarding: search.regarding,
    spaces: search.spaces,
    from: search.from && startOf(search.from),
    to: search.to && endOf(search.to),
  };
}

/** The whole query of the page of the list that is shown. */
export function pageQuery(search: AuditSearch): Query {
  return { ...filterQuery(search), skip: ((search.page ?? 1) - 1) * PAGE, take: PAGE };
}
