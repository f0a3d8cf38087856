import type { Column } from "./pasting";

/** Where one is in the grid, and how far the selection reaches from there. */
export interface Cursor {
  row: string;
  column: Column;
  /** The other corner of what is selected; the cell itself where nothing more is. */
  anchor: { row: string; column: Column };
}

export interface Block {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export const at = (row: string, column: Column): Cursor => ({ row, column, anchor: { row, column } });

/** The rows and columns that are selected, by their places. Nothing for a cursor on a row that is not shown. */
export function blockOf(
  cursor: Cursor,
  places: ReadonlyMap<string, number>,
  columns: readonly Column[],
): Block | undefined {
  const row = places.get(cursor.row);
  if (row === undefined) return undefined;
  const other = places.get(cursor.anchor.row) ?? row;
  const column = columns.indexOf(cursor.column);
  const beside = columns.indexOf(cursor.anchor.column);
  return {
    top: Math.min(row, other),
    bottom: Math.max(row, other),
    left: Math.min(column, beside),
    right: Math.max(column, beside),
  };
}

export interface Move {
  down?: number;
  across?: number;
  /** Keeps the other corner where it is. */
  extend?: boolean;
  /** From the last column to the first of the next row, and back. */
  wrap?: boolean;
}

/** Where a move leads; it stops at the edges. */
export function moved(
  cursor: Cursor,
  ids: readonly string[],
  places: ReadonlyMap<string, number>,
  columns: readonly Column[],
  { down = 0, across = 0, extend = false, wrap = false }: Move,
): Cursor {
  let row = (places.get(cursor.row) ?? 0) + down;
  let column = Math.max(0, columns.indexOf(cursor.column)) + across;
  if (wrap && column >= columns.length && row < ids.length - 1) {
    row += 1;
    column = 0;
  } else if (wrap && column < 0 && row > 0) {
    row -= 1;
    column = columns.length - 1;
  }
  const to = {
    row: ids[Math.min(Math.max(row, 0), ids.length - 1)] ?? cursor.row,
    column: columns[Math.min(Math.max(column, 0), columns.length - 1)] ?? cursor.column,
  };
  return { ...to, anchor: extend ? cursor.anchor : to };
}

const PAGE = 15;
const FAR = 1_000_000;

/** The move a key means while no cell is edited. */
export function moveOf(key: string, control: boolean, shift: boolean): Move | undefined {
  const extend = shift;
  switch (key) {
    case "ArrowDown":
      return { down: control ? FAR : 1, extend };
    case "ArrowUp":
      return { down: control ? -FAR : -1, extend };
    case "ArrowRight":
      return { across: control ? FAR : 1, extend };
    case "ArrowLeft":
      return { across: control ? -FAR : -1, extend };
    case "PageDown":
      return { down: PAGE, extend };
    case "PageUp":
      return { down: -PAGE, extend };
    case "Home":
      return control ? { down: -FAR, across: -FAR, extend } : { across: -FAR, extend };
    case "End":
      return control ? { down: FAR, across: FAR, extend } : { across: FAR, extend };
    default:
      return undefined;
  }
}
