import { IconAlertTriangle, IconDots, IconLock } from "@tabler/icons-react";
import { memo } from "react";
import { type Message, served, t } from "../../text";
import { CellInput, type Then } from "./CellInput";
import type { Warning } from "./checking";
import type { Choices } from "./choices";
import type { Patch } from "./edits";
import classes from "./Grid.module.css";
import { isReference, isSensitive, type Row, type ScopeKind, TYPE_WORDS } from "./model";
import type { Column } from "./pasting";
import { cellKey } from "./refusals";
import { KIND_WORD, type ScopeBook } from "./scopes";

export type RowState = "added" | "changed" | "removed" | "same";

/** What a row needs that is the same for all of them. */
export interface Setting {
  columns: readonly Column[];
  book: ScopeBook;
  choices: Choices;
  readOnly: boolean;
  refusals: ReadonlyMap<string, string>;
  onDone: (id: string, patch: Patch | undefined, then: Then) => void;
  onDetails: (id: string) => void;
}

interface Props {
  row: Row;
  place: number;
  top: number;
  state: RowState;
  /** The column the cursor is in, if it is in this row. */
  here: Column | undefined;
  /** The first and last selected column, where more than one cell is selected. */
  from: number;
  to: number;
  editing: { initial: string | undefined } | undefined;
  warnings: readonly Warning[] | undefined;
  setting: Setting;
}

const MARKS: Record<RowState, string> = { added: "+", changed: "•", removed: "−", same: "" };
const STATE_WORDS: Record<RowState, Message> = {
  added: "new",
  changed: "changed",
  removed: "will be deleted",
  same: "",
};

/** One value: its number and state, its cells, and the way to everything else about it. */
export const GridRow = memo(function GridRow(props: Props) {
  const { row, place, top, state, here, from, to, editing, warnings, setting } = props;
  const told = [t(STATE_WORDS[state]), ...(warnings ?? []).map((each) => each.text)]
    .filter(Boolean)
    .join(". ");
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows of a grid that is drawn in parts are no table rows
    // biome-ignore lint/a11y/useFocusableInteractive: the cells take the focus
    <div
      role="row"
      aria-rowindex={place + 2}
      className={`${classes.row} ${classes.line} ${state === "removed" ? classes.removed : ""}`}
      data-state={state}
      data-row={row.id}
      style={{ transform: `translateY(${top}px)` }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <div role="rowheader" aria-colindex={1} className={classes.gutter} title={told || undefined}>
        {warnings && <IconAlertTriangle size="0.95rem" className={classes.warning} aria-hidden />}
        {!row.editable && <IconLock size="0.85rem" aria-hidden />}
        <span className={classes.mark} aria-hidden>
          {MARKS[state]}
        </span>
        <span>{place + 1}</span>
        {told && <span className="visually-hidden">{told}</span>}
      </div>
      {setting.columns.map((column, at) => (
        <Cell
          key={column}
          row={row}
          column={column}
          at={at}
          here={here === column}
          tab={here === column || (here === undefined && place === 0 && at === 0)}
          selected={at >= from && at <= to}
          editing={here === column ? editing : undefined}
          setting={setting}
        />
      ))}
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the button takes the focus */}
      <div role="gridcell" aria-colindex={setting.columns.length + 2}>
        <button
          type="button"
          className={classes.more}
          tabIndex={here === undefined ? -1 : 0}
          aria-label={t("Details of {{name}}", { name: row.name || t("a new row") })}
          onClick={() => setting.onDetails(row.id)}
        >
          <IconDots size="1rem" aria-hidden />
        </button>
      </div>
    </div>
  );
});

interface CellProps {
  row: Row;
  column: Column;
  at: number;
  here: boolean;
  tab: boolean;
  selected: boolean;
  editing: { initial: string | undefined } | undefined;
  setting: Setting;
}

function Cell({ row, column, at, here, tab, selected, editing, setting }: CellProps) {
  const refused = setting.refusals.get(cellKey(row.id, column));
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    <div
      role="gridcell"
      aria-colindex={at + 2}
      aria-selected={selected || here}
      aria-readonly={setting.readOnly || !row.editable || undefined}
      aria-invalid={refused ? true : undefined}
      aria-description={refused}
      tabIndex={tab ? 0 : -1}
      className={classes.cell}
      data-cell={column}
      data-here={here || undefined}
      data-selected={selected || undefined}
      data-editing={editing ? true : undefined}
    >
      {editing ? (
        <CellInput
          row={row}
          column={column}
          initial={editing.initial}
          book={setting.book}
          choices={setting.choices}
          onDone={(patch, then) => setting.onDone(row.id, patch, then)}
        />
      ) : (
        <Content row={row} column={column} setting={setting} />
      )}
    </div>
  );
}

function Content({ row, column, setting }: { row: Row; column: Column; setting: Setting }) {
  if (column === "scope") return <Chips row={row} book={setting.book} />;
  if (column === "type")
    return (
      <span className={`${classes.text} ${classes.quiet}`}>{served(TYPE_WORDS[row.type] ?? row.type)}</span>
    );
  if (column === "value") return <Value row={row} choices={setting.choices} />;
  const text = row[column];
  if (!text && column === "name") return <span className={classes.quiet}>{t("No name yet")}</span>;
  return <span className={classes.text}>{text}</span>;
}

function Value({ row, choices }: { row: Row; choices: Choices }) {
  if (isSensitive(row)) return <span className={classes.quiet}>{t(secretWord(row))}</span>;
  const text = row.value ?? "";
  if (isReference(row.type)) {
    const name = choices(row.type).find((each) => each.id === text)?.name ?? text;
    return (
      <span className={classes.text}>
        {name}
        <span className={classes.quiet}>
          {name ? ` · ${served(TYPE_WORDS[row.type] ?? row.type)}` : t("None")}
        </span>
      </span>
    );
  }
  return <Line text={text} />;
}

const LONGEST = 500;

/** A value in one line; of more lines the first, and how many there are. */
function Line({ text }: { text: string }) {
  const end = text.indexOf("\n");
  const first = (end < 0 ? text : text.slice(0, end)).slice(0, LONGEST);
  const lines = end < 0 ? 1 : text.split("\n").length;
  return (
    <>
      <span className={`${classes.text} ${classes.code}`}>{first}</span>
      {lines > 1 && <span className={classes.lines}>{t("{{count}} lines", { count: lines })}</span>}
    </>
  );
}

/** What a sensitive value shows in place of itself; never how long it is. */
export function secretWord(row: Row): Message {
  if (row.value === "") return row.isSet ? "will be cleared" : "not set";
  if (row.value !== null) return row.isSet ? "●●●●●● will be replaced" : "●●●●●● will be set";
  return row.isSet === false ? "not set" : "●●●●●● set";
}

const MOST_CHIPS = 12;

function Chips({ row, book }: { row: Row; book: ScopeBook }) {
  const chips = book.chips(row.scope);
  if (chips.length === 0) return <span className={classes.quiet}>{t("Everywhere")}</span>;
  return (
    <span className={classes.chips}>
      {chips.slice(0, MOST_CHIPS).map((chip) => (
        <span
          key={`${chip.kind}/${chip.id}`}
          className={classes.chip}
          data-kind={chip.kind}
          data-gone={chip.gone || undefined}
          title={`${t(KIND_WORD[chip.kind as ScopeKind] ?? chip.kind)}: ${chip.name}${chip.gone ? ` (${t("is gone")})` : ""}`}
        >
          {chip.name}
        </span>
      ))}
      {chips.length > MOST_CHIPS && <span className={classes.quiet}>+{chips.length - MOST_CHIPS}</span>}
    </span>
  );
}
