import { oneOf, texts } from "../../shell/address";

/** What of a task's page is in its address. */
export interface TaskSearch {
  /** The activity whose log is shown; all of it for none. */
  node?: string;
  /** The mildest level shown. */
  level?: "Info" | "Warning" | "Error";
  wrap?: boolean;
  times?: boolean;
  /** Marked lines, counted from 1: 120 or "120-140". */
  lines?: string | number;
  find?: string;
  /** Steps as a table by target, instead of a tree. */
  by?: "target";
}

const LEVELS = ["Info", "Warning", "Error"] as const;

/** The address's own values, without what it does not know. */
export function taskSearch(search: Record<string, unknown>): TaskSearch {
  return {
    ...texts(search, ["node", "find"]),
    level: oneOf(LEVELS, search.level),
    wrap: search.wrap === true || undefined,
    times: search.times === true || undefined,
    lines: typeof search.lines === "number" || typeof search.lines === "string" ? search.lines : undefined,
    by: oneOf(["target"], search.by),
  };
}
