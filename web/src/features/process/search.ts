import { texts } from "../../shell/address";

/** What of the process is shown: a step, one of its actions, the text, or what may be added. */
export interface ProcessSearch {
  step?: string;
  action?: string;
  view?: "code" | "graph";
  /** In the graph, the chosen step or action is open in its form. */
  edit?: true;
  /** `all` or a category of step types; `copy` for steps of another project. */
  add?: string;
  /** The step a new action goes into. */
  into?: string;
}

export const processSearch = (search: Record<string, unknown>): ProcessSearch => ({
  ...texts(search, ["step", "action", "add", "into"]),
  ...(search.view === "code" || search.view === "graph" ? { view: search.view } : {}),
  ...(search.view === "graph" && search.edit === true ? { edit: true as const } : {}),
});
