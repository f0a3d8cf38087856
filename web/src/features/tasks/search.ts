import { texts } from "../../shell/address";

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
  const found: TaskSearch = texts(search, ["node", "find"]);
  const level = LEVELS.find((each) => each === search.level);
  if (level) found.level = level;
  if (search.wrap === true) found.wrap = true;
  if (search.times === true) found.times = true;
  if (typeof search.lines === "number" || typeof search.lines === "string") found.lines = search.lines;
  if (search.by === "target") found.by = "target";
  return found;
}
