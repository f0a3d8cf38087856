import { ScrollArea, Table } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import classes from "./ListTable.module.css";

export interface Column<Item> {
  key: string;
  head: ReactNode;
  cell: (item: Item) => ReactNode;
  /** Numbers and durations stand at the end. */
  end?: boolean;
  /** Does not break into lines. */
  short?: boolean;
}

interface Props<Item> {
  label: string;
  items: readonly Item[];
  idOf: (item: Item) => string;
  columns: readonly Column<Item>[];
  /** What stands in place of rows when there are none. */
  empty?: ReactNode;
}

/**
 * A list as a table. Arrow keys, Home and End go from row to row; Enter opens the row's first link or button.
 *
 * The first cell of each row is its heading and should hold the link.
 */
export function ListTable<Item>({ label, items, idOf, columns, empty }: Props<Item>) {
  const body = useRef<HTMLTableSectionElement>(null);
  if (items.length === 0 && empty) return <>{empty}</>;
  return (
    <ScrollArea
      type="auto"
      className={classes.room}
      viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}
    >
      <Table verticalSpacing="xs" highlightOnHover aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.key} scope="col" ta={column.end ? "end" : undefined}>
                {column.head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody ref={body} onKeyDown={(event) => step(event, body.current)}>
          {items.map((item) => (
            <Table.Tr key={idOf(item)} data-row={idOf(item)}>
              {columns.map((column, at) => (
                <Table.Td
                  key={column.key}
                  component={at === 0 ? "th" : undefined}
                  scope={at === 0 ? "row" : undefined}
                  ta={column.end ? "end" : undefined}
                  className={`${at === 0 ? classes.first : ""} ${column.short ? classes.short : ""}`}
                >
                  {column.cell(item)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

const MOVES: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
};

function step(event: KeyboardEvent, body: HTMLTableSectionElement | null): void {
  const move = MOVES[event.key];
  const target = event.target as HTMLElement;
  if (!move || !body || target.closest("input, textarea, select, [role=listbox], [role=combobox]")) return;
  const rows = [...body.rows];
  const at = rows.findIndex((row) => row.contains(target));
  const next = rows[move(at, rows.length - 1)]?.querySelector<HTMLElement>("a, button");
  if (!next) return;
  event.preventDefault();
  next.focus();
}
