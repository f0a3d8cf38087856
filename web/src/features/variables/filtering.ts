import type { Warnings } from "./checking";
import { isNew, type Row } from "./model";
import type { GridSearch } from "./search";

export const UNSCOPED = "unscoped";
export const parts = (text: string | undefined): readonly string[] => (text ?? "").split(",").filter(Boolean);

/** Whether anything is left out. */
export const isFiltered = (search: GridSearch): boolean =>
  Boolean(search.q || search.scope || search.type || search.only);

function matches(row: Row, search: GridSearch): boolean {
  if (search.type && row.type !== search.type) return false;
  const wanted = parts(search.scope);
  if (wanted.length > 0) {
    const named = Object.values(row.scope).flatMap((ids) => ids ?? []);
    const free = named.length === 0 && wanted.includes(UNSCOPED);
    if (!free && !named.some((id) => wanted.includes(id))) return false;
  }
  if (!search.q) return true;
  const asked = search.q.toLowerCase();
  return row.name.toLowerCase().includes(asked) || (row.value ?? "").toLowerCase().includes(asked);
}

/**
 * The ids of the rows to show, in their order. Rows that are new stay on top and visible whatever is asked for, so that what
 * one types does not vanish.
 */
export function visible(
  order: readonly string[],
  rows: ReadonlyMap<string, Row>,
  search: GridSearch,
  changed: (id: string) => boolean,
  warnings: Warnings,
  former: (id: string) => Row | undefined,
): readonly string[] {
  const only = parts(search.only);
  const found = order.filter((id) => {
    const row = rows.get(id);
    if (!row) return false;
    if (isNew(row)) return true;
    if (only.includes("changed") && !changed(id)) return false;
    if (only.includes("warnings") && !warnings.has(id)) return false;
    return matches(row, search);
  });
  if (search.sort !== "name") return found;
  const key = (id: string) => {
    const row = rows.get(id);
    return row && isNew(row) ? "" : ((former(id) ?? row)?.name.toLowerCase() ?? "");
  };
  const keyed = found.map((id, at) => [key(id), at, id] as const);
  keyed.sort((one, other) => (one[0] < other[0] ? -1 : one[0] > other[0] ? 1 : one[1] - other[1]));
  return keyed.map(([, , id]) => id);
}
