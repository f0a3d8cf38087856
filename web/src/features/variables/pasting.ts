import type { Patch } from "./edits";
import { type Field, isSensitive, newRow, type Row, TYPE_WORDS, TYPES, valueText } from "./model";
import type { ScopeBook } from "./scopes";

export type Column = "name" | "value" | "scope" | "type" | "description";
export const COLUMNS: readonly Column[] = ["name", "value", "scope", "type", "description"];

/** What a cell says as text, as it is copied. Secrets are never copied. */
export function cellText(row: Row, column: Column, book: ScopeBook): string {
  if (column === "scope") return book.text(row.scope);
  if (column === "value") return valueText(row);
  if (column === "type") return TYPE_WORDS[row.type] ?? row.type;
  return row[column];
}

/** What a text put into a cell makes of its row; `unknown` are names of a scope that nobody has. */
export function patchOf(
  column: Column,
  text: string,
  book: ScopeBook,
): { patch: Patch; unknown: readonly string[] } {
  if (column === "scope") {
    const { scope, unknown } = book.read(text);
    return { patch: { scope }, unknown };
  }
  if (column === "name") return { patch: { name: text.trim() }, unknown: [] };
  if (column !== "type") return { patch: { [column]: text }, unknown: [] };
  const wanted = text.trim().toLowerCase();
  const type = TYPES.find(
    (each) => each.toLowerCase() === wanted || TYPE_WORDS[each]?.toLowerCase() === wanted,
  );
  return type ? { patch: { type }, unknown: [] } : { patch: {}, unknown: text.trim() ? [text.trim()] : [] };
}

/** What emptying a cell makes of its row. A name stays: a row without one cannot be saved. */
export function cleared(row: Row, column: Column): Patch {
  if (column === "value") return { value: "" };
  if (column === "scope") return { scope: {} };
  if (column === "description") return { description: "" };
  return isSensitive(row) || column === "name" ? {} : { type: "String" };
}

export interface Pasted {
  patches: readonly (readonly [id: string, patch: Patch])[];
  rows: readonly Row[];
  unknown: readonly string[];
  /** How many cells found no column. */
  cut: number;
}

/**
 * Puts cells into the grid from a cell on; what reaches below its last row becomes new rows.
 *
 * One cell fills the whole of what is selected, as spreadsheets do.
 */
export function pasted(
  cells: readonly (readonly string[])[],
  ids: readonly string[],
  columns: readonly Column[],
  at: { row: number; column: number; rows: number; columns: number },
  book: ScopeBook,
): Pasted {
  const block = filling(cells, at);
  const patches: (readonly [string, Patch])[] = [];
  const rows: Row[] = [];
  const unknown = new Set<string>();
  let cut = 0;
  block.forEach((line, down) => {
    let patch: Patch = {};
    line.forEach((text, across) => {
      const column = columns[at.column + across];
      if (!column) {
        cut += 1;
        return;
      }
      const found = patchOf(column, text, book);
      for (const name of found.unknown) unknown.add(name);
      patch = { ...patch, ...found.patch };
    });
    const id = ids[at.row + down];
    if (id) patches.push([id, patch]);
    else if (Object.keys(patch).length > 0) rows.push(newRow(patch as Partial<Pick<Row, Field>>));
  });
  return { patches, rows, unknown: [...unknown], cut };
}

function filling(
  cells: readonly (readonly string[])[],
  at: { rows: number; columns: number },
): readonly (readonly string[])[] {
  const only = cells.length === 1 && cells[0]?.length === 1 ? cells[0][0] : undefined;
  if (only === undefined) return cells;
  return Array.from({ length: at.rows }, () => Array.from({ length: at.columns }, () => only));
}
