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

const text = (value: unknown): string | undefined => {
  const found = typeof value === "string" || typeof value === "number" ? String(value) : "";
  return found || undefined;
};

/** The grid's part of an address; what is not understood is left out. */
export function gridSearch(raw: Record<string, unknown>): GridSearch {
  const found: GridSearch = {};
  for (const key of ["q", "scope", "type", "only", "columns", "row"] as const) {
    const value = text(raw[key]);
    if (value !== undefined) found[key] = value;
  }
  if (raw.sort === "name") found.sort = "name";
  return found;
}
