import type { Column } from "./pasting";

/** What the server refused of a set, by row and column; the rest is about the whole. */
export interface Refusals {
  cells: ReadonlyMap<string, string>;
  first: string | undefined;
  others: readonly string[];
}

export const NONE: Refusals = { cells: new Map(), first: undefined, others: [] };

const WHERE = /^Variables\[(\d+)\]\.(\w+)[^:]*:?\s*(.*)$/s;
const COLUMN: Record<string, Column> = {
  Name: "name",
  Value: "value",
  Scope: "scope",
  Type: "type",
  Description: "description",
};

/** The key of a cell: `id/column`. */
export const cellKey = (id: string, column: string): string => `${id}/${column}`;

/** Puts the server's sentences at the rows and cells they name. `ids` are the rows in the order in which they were sent. */
export function placed(sentences: readonly string[], ids: readonly string[]): Refusals {
  const cells = new Map<string, string>();
  const others: string[] = [];
  let first: string | undefined;
  for (const sentence of sentences) {
    const [, row, member = "", said] = WHERE.exec(sentence) ?? [];
    const id = row === undefined ? undefined : ids[Number(row)];
    if (!id) {
      others.push(sentence);
      continue;
    }
    const key = cellKey(id, COLUMN[member] ?? "name");
    const text = said?.trim() ? `${said.charAt(0).toUpperCase()}${said.slice(1)}` : sentence;
    cells.set(key, cells.has(key) ? `${cells.get(key)} ${text}` : text);
    first ??= id;
  }
  return { cells, first, others };
}
