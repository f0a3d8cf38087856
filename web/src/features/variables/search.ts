import { texts } from "../../shell/address";
import { type Place, placeOf } from "./previewing";

/** What of a grid is in its address. */
export interface GridSearch {
  /** Text in a name or a value. */
  q?: string;
  /** Ids of what scopes must name one of, with commas; `unscoped` for values that hold everywhere. */
  scope?: string;
  type?: string;
  /** `changed`, `warnings` or both with a comma. */
  only?: string;
  sort?: "name";
  /** Columns shown besides name, value and scope: `type`, `description`. */
  columns?: string;
  /** The row that is gone to. */
  row?: string;
}

/** The grid's part of an address; what is not understood is left out. */
export function gridSearch(raw: Record<string, unknown>): GridSearch {
  const found: GridSearch = texts(raw, ["q", "scope", "type", "only", "columns", "row"]);
  if (raw.sort === "name") found.sort = "name";
  return found;
}

/** What of the page of a project's variables is in its address. */
export interface VariablesSearch extends GridSearch, Place {
  /** `all`: with those of the library; nothing: the project's own. */
  view?: "all";
  /** 1: what applies in a place. */
  preview?: 1;
  /** The variable whose explanation is open. */
  why?: string;
}

/** The page's part of an address; what is not understood is left out. */
export function variablesSearch(raw: Record<string, unknown>): VariablesSearch {
  const found: VariablesSearch = { ...gridSearch(raw), ...placeOf(raw), ...texts(raw, ["why"]) };
  if (raw.view === "all") found.view = "all";
  if (raw.preview === 1 || raw.preview === "1" || raw.preview === true) found.preview = 1;
  return found;
}
