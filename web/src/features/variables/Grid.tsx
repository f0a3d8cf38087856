import { IconArrowDown } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { type Message, t } from "../../text";
import type { Then } from "./CellInput";
import type { Choices } from "./choices";
import { at, blockOf, type Cursor, moved, moveOf } from "./cursor";
import type { Editor } from "./editor";
import type { Patch } from "./edits";
import classes from "./Grid.module.css";
import { GridRow, type RowState, type Setting } from "./GridRow";
import { isNew } from "./model";
import { type Column, cellText, cleared, pasted } from "./pasting";
import { cellsOf, textOf } from "./tsv";
import { useRem } from "./useRem";

export interface GridHandle {
  /** Goes to a cell, and begins to edit it if wanted. */
  go: (id: string, column?: Column, edit?: boolean) => void;
  /** The rows that are selected, or the one the cursor is in. */
  selected: () => readonly string[];
}

interface Props {
  editor: Editor;
  ids: readonly string[];
  columns: readonly Column[];
  choices: Choices;
  readOnly: boolean;
  sorted: boolean;
  label: string;
  /** The row the address names. */
  start: string | undefined;
  handle: React.Ref<GridHandle>;
  announce: (text: string) => void;
  onSort: () => void;
  onDetails: (id: string) => void;
  onLarge: (id: string) => void;
  onSave: () => void;
  onCursor: (id: string | undefined) => void;
  /** Escape leads out of the grid, in which Tab goes from cell to cell. */
  onLeave: () => void;
}

const HEADS: Record<Column, Message> = {
  name: "Name",
  value: "Value",
  scope: "Scope",
  type: "Type",
  description: "Description",
};
const WIDTHS: Record<Column, [string, number]> = {
  name: ["minmax(10rem, 1.1fr)", 10],
  value: ["minmax(12rem, 1.5fr)", 12],
  scope: ["minmax(11rem, 1.2fr)", 11],
  type: ["9rem", 9],
  description: ["minmax(9rem, 1fr)", 9],
};
const ROW_REM = 2.25;

/**
 * The values of a set as a grid: arrows go, Enter or typing edits, what is selected is copied and pasted as in a spreadsheet.
 *
 * Only the rows in sight are drawn, and the one with the cursor, which has the focus.
 */
export function Grid(props: Props) {
  const { editor, ids, columns, choices, readOnly, sorted, label, handle, announce } = props;
  const { edits, dispatch, warnings, refusals, loaded } = editor;
  const room = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<Cursor>();
  const [editing, setEditing] = useState<{ initial: string | undefined }>();
  const wants = useRef(false);
  const places = useMemo(() => new Map(ids.map((id, place) => [id, place])), [ids]);
  const rem = useRem();
  const height = ROW_REM * rem;
  const hereAt = cursor && places.get(cursor.row);
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => room.current,
    estimateSize: () => height,
    overscan: 6,
    scrollPaddingStart: height,
    paddingStart: 0,
    scrollMargin: 0,
    initialRect: { width: 0, height: 600 },
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const first = Math.max(0, startIndex - overscan);
      const last = Math.min(count - 1, endIndex + overscan);
      const found = Array.from({ length: Math.max(0, last - first + 1) }, (_, each) => first + each);
      if (hereAt !== undefined && (hereAt < first || hereAt > last)) found.push(hereAt);
      return found;
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another size of text is another height
  useEffect(() => rows.measure(), [height]);

  const place = useCallback(
    (next: Cursor, focus = true) => {
      wants.current = focus;
      setEditing(undefined);
      setCursor(next);
      const to = places.get(next.row);
      if (to !== undefined) reveal(room.current, to, height);
    },
    [places, height],
  );
  useLayoutEffect(() => {
    if (!wants.current || !cursor || editing) return;
    const cell = room.current?.querySelector<HTMLElement>(
      `[data-row="${CSS.escape(cursor.row)}"] [data-cell="${cursor.column}"]`,
    );
    if (!cell) return;
    wants.current = false;
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  const { onCursor, onLeave } = props;
  const row = cursor?.row;
  useEffect(() => onCursor(row), [row, onCursor]);

  const begin = useCallback(
    (initial?: string) => {
      const current = cursor && edits.rows.get(cursor.row);
      if (!current) return;
      if (readOnly) announce(t("You may not change these variables."));
      else if (!current.editable) announce(t("You may not change this value."));
      else if (edits.removed.has(current.id)) announce(t("This row will be deleted. Delete brings it back."));
      else setEditing({ initial });
    },
    [cursor, edits, readOnly, announce],
  );

  useImperativeHandle(handle, () => ({
    go: (id, column = "name", edit = false) => {
      place(at(id, column));
      if (edit) setEditing({ initial: undefined });
    },
    selected: () => {
      const block = cursor && blockOf(cursor, places, columns);
      return block ? ids.slice(block.top, block.bottom + 1) : [];
    },
  }));

  const started = useRef(false);
  useEffect(() => {
    if (started.current || !props.start || !places.has(props.start)) return;
    started.current = true;
    place(at(props.start, "name"));
  }, [props.start, places, place]);

  const { onSave, onLarge, onDetails } = props;
  const state = useRef({ cursor, places, ids, columns, onSave, place });
  state.current = { cursor, places, ids, columns, onSave, place };
  const onDone = useCallback(
    (id: string, patch: Patch | undefined, then: Then) => {
      if (patch) dispatch({ do: "set", patches: [[id, patch]] });
      const { cursor, ids, places, columns, onSave, place } = state.current;
      if (then === "leave" || !cursor) {
        setEditing(undefined);
        return;
      }
      const steps = {
        down: { down: 1 },
        next: { across: 1, wrap: true },
        back: { across: -1, wrap: true },
      } as const;
      const step = then in steps ? steps[then as keyof typeof steps] : undefined;
      place(step ? moved({ ...cursor, anchor: cursor }, ids, places, columns, step) : cursor);
      if (then === "save") onSave();
      if (then === "large") onLarge(id);
    },
    [dispatch, onLarge],
  );

  const setting: Setting = useMemo(
    () => ({ columns, book: loaded.book, choices, readOnly, refusals: refusals.cells, onDone, onDetails }),
    [columns, loaded.book, choices, readOnly, refusals.cells, onDone, onDetails],
  );

  const many = (): readonly string[] => {
    const block = cursor && blockOf(cursor, places, columns);
    return block ? ids.slice(block.top, block.bottom + 1) : [];
  };
  const remove = () => {
    const chosen = many();
    const gone = chosen.every((id) => edits.removed.has(id));
    dispatch({ do: gone ? "restore" : "remove", ids: chosen });
    announce(
      gone
        ? t("{{count}} rows are kept", { count: chosen.length, one: "{{count}} row is kept" })
        : t("{{count}} rows will be deleted", { count: chosen.length, one: "{{count}} row will be deleted" }),
    );
    const block = cursor && blockOf(cursor, places, columns);
    const next = block && (ids[block.bottom + 1] ?? ids[block.top - 1]);
    if (cursor && next && chosen.some((id) => edits.rows.get(id) && id.startsWith("new-")))
      place(at(next, cursor.column));
  };
  const clear = () => {
    const block = cursor && blockOf(cursor, places, columns);
    if (!block) return;
    const patches = many().flatMap((id) => {
      const found = edits.rows.get(id);
      if (!found) return [];
      const patch = Object.assign(
        {},
        ...columns.slice(block.left, block.right + 1).map((each) => cleared(found, each)),
      );
      return [[id, patch as Patch] as const];
    });
    dispatch({ do: "set", patches });
    announce(t("Emptied"));
  };

  const block = cursor && blockOf(cursor, places, columns);
  const wide = block && (block.top !== block.bottom || block.left !== block.right);
  const key = (event: KeyboardEvent<HTMLDivElement>) => {
    if (editing || !cursor || event.target instanceof HTMLButtonElement) return;
    const control = event.ctrlKey || event.metaKey;
    const move = event.altKey ? undefined : moveOf(event.key, control, event.shiftKey);
    const plain = !control && !event.altKey;
    if (move) place(moved(cursor, ids, places, columns, move));
    else if (event.key === "Tab" && plain) {
      const next = moved(cursor, ids, places, columns, { across: event.shiftKey ? -1 : 1, wrap: true });
      if (next.row === cursor.row && next.column === cursor.column) return;
      place(next);
    } else if (event.key === "Enter" && event.altKey) onDetails(cursor.row);
    else if ((event.key === "Enter" || event.key === "F2") && plain) begin();
    else if (event.key === "Escape") {
      if (wide) place(at(cursor.row, cursor.column));
      else onLeave();
    } else if (control && event.key.toLowerCase() === "e") onLarge(cursor.row);
    else if (control && event.key.toLowerCase() === "a") {
      const last = ids.at(-1);
      if (!last) return;
      setCursor({
        row: ids[0] ?? last,
        column: columns[0] ?? "name",
        anchor: { row: last, column: columns.at(-1) ?? "name" },
      });
    } else if (event.key === " " && event.shiftKey)
      setCursor({
        ...cursor,
        column: columns[0] ?? "name",
        anchor: { row: cursor.anchor.row, column: columns.at(-1) ?? "name" },
      });
    else if (event.key === "Delete" && !readOnly) remove();
    else if (event.key === "Backspace" && plain && !readOnly) clear();
    else if (plain && event.key.length === 1 && !event.nativeEvent.isComposing)
      begin(cursor.column === "type" ? undefined : event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const copy = (event: ClipboardEvent<HTMLDivElement>) => {
    if (!block || editing) return;
    const cells = many().flatMap((id) => {
      const found = edits.rows.get(id);
      return found
        ? [columns.slice(block.left, block.right + 1).map((each) => cellText(found, each, loaded.book))]
        : [];
    });
    event.clipboardData.setData("text/plain", textOf(cells));
    event.preventDefault();
    announce(
      t("Copied {{count}} rows; secrets are left out", {
        count: cells.length,
        one: "Copied {{count}} row; secrets are left out",
      }),
    );
  };
  const paste = (event: ClipboardEvent<HTMLDivElement>) => {
    if (!block || editing || readOnly) return;
    event.preventDefault();
    const cells = cellsOf(event.clipboardData.getData("text/plain"));
    if (cells.length === 0) return;
    const corner = {
      row: block.top,
      column: block.left,
      rows: block.bottom - block.top + 1,
      columns: block.right - block.left + 1,
    };
    const found = pasted(cells, ids, columns, corner, loaded.book);
    dispatch({ do: "paste", patches: found.patches, rows: found.rows });
    const rest = found.rows.length
      ? ` ${t("{{count}} new rows stand on top.", { count: found.rows.length, one: "{{count}} new row stands on top." })}`
      : "";
    const lost = found.unknown.length
      ? ` ${t("Not known here, left out: {{names}}.", { names: found.unknown.slice(0, 5).join(", ") })}`
      : "";
    const cut = found.cut
      ? ` ${t("{{count}} cells had no column.", { count: found.cut, one: "{{count}} cell had no column." })}`
      : "";
    const told = `${t("Pasted {{count}} rows.", { count: cells.length, one: "Pasted {{count}} row." })}${rest}${lost}${cut}`;
    announce(told);
    if (lost || cut) editor.say(told);
  };

  const point = (event: MouseEvent<HTMLDivElement>, twice: boolean) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>("[data-cell]");
    const id = cell?.closest<HTMLElement>("[data-row]")?.dataset.row;
    if (!cell || !id || (event.target as HTMLElement).closest("input, textarea, select")) return;
    const to = { row: id, column: cell.dataset.cell as Column };
    if (twice) begin();
    else if (event.shiftKey && cursor) place({ ...to, anchor: cursor.anchor });
    else place({ ...to, anchor: to });
  };

  const template = `3.75rem ${columns.map((each) => WIDTHS[each][0]).join(" ")} 2.25rem`;
  const least = 6 + columns.reduce((sum, each) => sum + WIDTHS[each][1], 0);
  const stateOf = (id: string): RowState => {
    if (edits.removed.has(id)) return "removed";
    const found = edits.rows.get(id);
    if (found && isNew(found)) return "added";
    return found === edits.base.get(id) ? "same" : "changed";
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot be drawn in parts
    <div
      ref={room}
      role="grid"
      aria-label={label}
      aria-rowcount={ids.length + 1}
      aria-colcount={columns.length + 2}
      aria-multiselectable
      aria-description={t("Tab goes to the next cell, Escape leaves the grid.")}
      aria-readonly={readOnly || undefined}
      className={classes.grid}
      style={
        {
          "--columns": template,
          "--least": `${least}rem`,
          "--line-height": `${ROW_REM}rem`,
        } as React.CSSProperties
      }
      onKeyDown={key}
      onCopy={copy}
      onCut={copy}
      onPaste={paste}
      onMouseDown={(event) => event.button === 0 && point(event, false)}
      onDoubleClick={(event) => point(event, true)}
      onFocus={(event) => {
        const cell = (event.target as HTMLElement).closest<HTMLElement>("[data-cell]");
        const id = cell?.closest<HTMLElement>("[data-row]")?.dataset.row;
        if (cell && id && !cursor) setCursor(at(id, cell.dataset.cell as Column));
      }}
    >
      <Head columns={columns} sorted={sorted} onSort={props.onSort} />
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="rowgroup" className={classes.body} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => {
          const id = ids[item.index];
          const found = id === undefined ? undefined : edits.rows.get(id);
          if (!found) return null;
          const inside = wide && block && item.index >= block.top && item.index <= block.bottom;
          const here = cursor?.row === found.id ? cursor.column : undefined;
          return (
            <GridRow
              key={found.id}
              row={found}
              place={item.index}
              top={item.start}
              state={stateOf(found.id)}
              here={here}
              from={inside ? block.left : -1}
              to={inside ? block.right : -1}
              editing={here ? editing : undefined}
              warnings={warnings.get(found.id)}
              setting={setting}
            />
          );
        })}
      </div>
    </div>
  );
}

/** Brings a row into sight below the heading, before it is drawn. */
function reveal(room: HTMLElement | null, place: number, height: number): void {
  if (!room) return;
  const top = place * height;
  const seen = room.clientHeight - height;
  if (top < room.scrollTop) room.scrollTop = top;
  else if (top + height > room.scrollTop + seen) room.scrollTop = top + height - seen;
}

function Head({
  columns,
  sorted,
  onSort,
}: {
  columns: readonly Column[];
  sorted: boolean;
  onSort: () => void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    // biome-ignore lint/a11y/useFocusableInteractive: as above
    <div role="row" aria-rowindex={1} className={`${classes.row} ${classes.head}`}>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <div role="columnheader" aria-colindex={1} className={classes.headCell}>
        <span className="visually-hidden">{t("Row")}</span>
      </div>
      {columns.map((column, place) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        // biome-ignore lint/a11y/useFocusableInteractive: as above
        <div
          key={column}
          role="columnheader"
          aria-colindex={place + 2}
          aria-sort={column === "name" ? (sorted ? "ascending" : "none") : undefined}
          className={classes.headCell}
        >
          {column === "name" ? (
            <button type="button" className={classes.sort} onClick={onSort}>
              {t(HEADS[column])}
              {sorted && <IconArrowDown size="0.9rem" aria-hidden />}
            </button>
          ) : (
            t(HEADS[column])
          )}
        </div>
      ))}
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <div role="columnheader" aria-colindex={columns.length + 2} className={classes.headCell}>
        <span className="visually-hidden">{t("Details")}</span>
      </div>
    </div>
  );
}
