import type { State } from "../../parts/states";
import { oneOf, someOf, text, texts } from "../../shell/address";

/** How close things stand: as usual, close, or large for a screen on a wall. */
export type Density = "comfortable" | "compact" | "wall";

/** What of the dashboard is shown, as its address holds it; lists are joined with commas. */
export interface DashboardSearch {
  q?: string;
  groups?: string;
  environments?: string;
  states?: string;
  view?: "compact" | "wall";
}

/** The states a cell can be in, as the server filters by them. */
export const CELL_STATES = [
  "queued",
  "running",
  "waiting",
  "success",
  "warning",
  "failed",
  "canceled",
] as const satisfies readonly State[];

export type CellState = (typeof CELL_STATES)[number];

/** Reads the search of an address; what is not understood is left out. */
export function dashboardSearch(given: Record<string, unknown>): DashboardSearch {
  return {
    ...texts(given, ["groups", "environments"]),
    q: text(given.q)?.trim() || undefined,
    states: someOf(CELL_STATES, given.states),
    view: oneOf(["compact", "wall"], given.view),
  };
}

/** The parts of a list of an address. */
export const list = (joined: string | undefined): string[] =>
  joined ? joined.split(",").filter(Boolean) : [];

/** A search without members that say nothing. */
export function tidy(
  search: { [K in keyof DashboardSearch]: DashboardSearch[K] | undefined },
): DashboardSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value)) as DashboardSearch;
}

/** The search as a saved view keeps it: members in one order, so that equal views are equal texts. */
export function asText(search: DashboardSearch): string {
  const kept = new URLSearchParams();
  for (const name of ["q", "groups", "environments", "states", "view"] as const)
    if (search[name]) kept.set(name, search[name]);
  return kept.toString();
}

/** The search a saved view holds. */
export const fromText = (kept: string): DashboardSearch =>
  dashboardSearch(Object.fromEntries(new URLSearchParams(kept)));

/** Whether anything narrows what is shown. */
export const narrows = ({ q, groups, environments, states }: DashboardSearch): boolean =>
  Boolean(q || groups || environments || states);
