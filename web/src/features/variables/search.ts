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
  /** 1: what happened to the set is open. */
  history?: 1;
}

/** The grid's part of an address; what is not understood is left out. */
export function gridSearch(raw: Record<string, unknown>): GridSearch {
  const found: GridSearch = texts(raw, ["q", "scope", "type", "only", "columns", "row"]);
  if (raw.sort === "name") found.sort = "name";
  if (raw.history === 1 || raw.history === "1" || raw.history === true) found.history = 1;
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
  /** The moment the preview is of; nothing for now. */
  asOf?: string;
}

/** The page's part of an address; what is not understood is left out. */
export function variablesSearch(raw: Record<string, unknown>): VariablesSearch {
  const found: VariablesSearch = { ...gridSearch(raw), ...placeOf(raw), ...texts(raw, ["why"]) };
  const asOf = momentOf(raw.asOf);
  if (asOf) found.asOf = asOf;
  if (raw.view === "all") found.view = "all";
  if (raw.preview === 1 || raw.preview === "1" || raw.preview === true) found.preview = 1;
  return found;
}

/** A moment there is, as the API takes it. */
function momentOf(value: unknown): string | undefined {
  const at = typeof value === "string" ? new Date(value) : undefined;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
}
