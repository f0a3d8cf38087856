import { Popover, Text } from "@mantine/core";
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { type Message, served, t } from "../../text";
import type { Choices } from "./choices";
import type { Patch } from "./edits";
import classes from "./Grid.module.css";
import { isReference, isSensitive, type Row, type Scope, TYPE_WORDS, TYPES } from "./model";
import type { Column } from "./pasting";
import { ScopeList } from "./ScopeList";
import type { ScopeBook } from "./scopes";

/** Where one goes when a cell is done. */
export type Then = "stay" | "down" | "next" | "back" | "save" | "large" | "leave";

interface Props {
  row: Row;
  column: Column;
  /** The character that began it, in place of what was there. */
  initial: string | undefined;
  book: ScopeBook;
  choices: Choices;
  onDone: (patch: Patch | undefined, then: Then) => void;
}

/** The cell that is being edited, by the kind of thing it holds. */
export function CellInput(props: Props) {
  if (props.column === "scope") return <ScopeInput {...props} />;
  if (props.column === "type" || (props.column === "value" && isReference(props.row.type)))
    return <ChoiceInput {...props} />;
  return <TextCell {...props} />;
}

const THEN: Record<string, Then> = { Enter: "down", Tab: "next" };

/** What a key that ends the editing of a cell leads to. */
function thenOf(event: KeyboardEvent<HTMLElement>): Then | undefined {
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key === "Enter") return "save";
  if (control && event.key.toLowerCase() === "e") return "large";
  if (event.key === "Tab" && event.shiftKey) return "back";
  if (event.key === "Enter" && (event.altKey || event.shiftKey)) return undefined;
  return THEN[event.key];
}

function TextCell({ row, column, initial, onDone }: Props) {
  const hidden = column === "value" && isSensitive(row);
  const before = column === "value" ? (row.value ?? "") : column === "name" ? row.name : row.description;
  const [text, setText] = useState(initial ?? before);
  const input = useRef<HTMLTextAreaElement & HTMLInputElement>(null);
  const over = useRef(false);
  useLayoutEffect(() => {
    const field = input.current;
    field?.focus({ preventScroll: true });
    if (initial === undefined) field?.select();
    else field?.setSelectionRange(initial.length, initial.length);
  }, [initial]);
  const end = (then: Then, keep = true) => {
    if (over.current) return;
    over.current = true;
    const untouched = text === before || !keep;
    onDone(untouched ? undefined : { [column]: column === "name" ? text.trim() : text }, then);
  };
  const newest = useRef(end);
  newest.current = end;
  useEffect(() => {
    const going = () => flushSync(() => newest.current("leave"));
    window.addEventListener("pagehide", going, true);
    return () => window.removeEventListener("pagehide", going, true);
  }, []);
  const key = (event: KeyboardEvent<HTMLElement>) => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    const then = event.key === "Escape" ? "stay" : thenOf(event);
    if (!then) {
      if (event.key === "Enter" && event.altKey) insertLine(input.current, setText);
      return;
    }
    event.preventDefault();
    end(then, event.key !== "Escape");
  };
  const shared = {
    ref: input,
    className: `${classes.input} ${column === "value" ? classes.code : ""}`,
    value: text,
    "aria-label": t("{{column}} of {{name}}", {
      column: t(LABELS[column]),
      name: row.name || t("a new row"),
    }),
    onChange: (event: { currentTarget: { value: string } }) => setText(event.currentTarget.value),
    onKeyDown: key,
    onBlur: () => end("leave"),
    onPaste: (event: { stopPropagation: () => void }) => event.stopPropagation(),
    onCopy: (event: { stopPropagation: () => void }) => event.stopPropagation(),
    spellCheck: false,
  };
  if (hidden)
    return (
      <input
        {...shared}
        type="password"
        autoComplete="new-password"
        placeholder={row.isSet ? t("Type to replace what is set") : t("Type a value")}
      />
    );
  return <textarea {...shared} rows={Math.min(8, text.split("\n").length)} autoComplete="off" />;
}

/** A line end where the cursor is, which a textarea does not make with Alt. */
function insertLine(field: HTMLTextAreaElement | null, set: (text: string) => void): void {
  if (!field) return;
  field.setRangeText("\n", field.selectionStart, field.selectionEnd, "end");
  set(field.value);
}

const LABELS: Record<Column, Message> = {
  name: "Name",
  value: "Value",
  scope: "Scope",
  type: "Type",
  description: "Description",
};

function ChoiceInput({ row, column, choices, onDone }: Props) {
  const before = column === "type" ? row.type : (row.value ?? "");
  const [value, setValue] = useState(before);
  const field = useRef<HTMLSelectElement>(null);
  const over = useRef(false);
  useLayoutEffect(() => field.current?.focus({ preventScroll: true }), []);
  const end = (then: Then, keep = true) => {
    if (over.current) return;
    over.current = true;
    onDone(keep && value !== before ? { [column]: value } : undefined, then);
  };
  const known =
    column === "type"
      ? TYPES.map((type) => ({ id: type as string, name: served(TYPE_WORDS[type] ?? type) }))
      : [{ id: "", name: t("None") }, ...choices(row.type)];
  const all = known.some((each) => each.id === value) ? known : [{ id: value, name: value }, ...known];
  return (
    <select
      ref={field}
      className={classes.input}
      value={value}
      aria-label={t("{{column}} of {{name}}", {
        column: t(LABELS[column]),
        name: row.name || t("a new row"),
      })}
      onChange={(event) => setValue(event.currentTarget.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        const then = event.key === "Escape" ? "stay" : thenOf(event);
        if (!then) return;
        event.preventDefault();
        end(then, event.key !== "Escape");
      }}
      onBlur={() => end("leave")}
    >
      {all.map((each) => (
        <option key={each.id} value={each.id}>
          {each.name}
        </option>
      ))}
    </select>
  );
}

/** On a narrow screen the cell may lie outside of it: the list comes into view, and does not stay with its cell. */
const INTO_VIEW = { padding: 8, limiter: { fn: ({ x, y }: { x: number; y: number }) => ({ x, y }) } };

function ScopeInput({ row, initial, book, onDone }: Props) {
  const [scope, setScope] = useState<Scope>(row.scope);
  const over = useRef(false);
  const end = (then: Then, keep = true) => {
    if (over.current) return;
    over.current = true;
    onDone(keep && scope !== row.scope ? { scope } : undefined, then);
  };
  return (
    <Popover
      opened
      onChange={(opened) => !opened && end("leave")}
      position="bottom-start"
      width="min(20rem, calc(100vw - 2rem))"
      shadow="md"
      withinPortal
      withRoles={false}
      hideDetached={false}
      floatingStrategy="fixed"
      middlewares={{ flip: true, shift: INTO_VIEW }}
    >
      <Popover.Target>
        <span className={classes.input}>{book.text(scope) || t("Everywhere")}</span>
      </Popover.Target>
      <Popover.Dropdown
        role="dialog"
        aria-label={t("Scope of {{name}}", { name: row.name || t("a new row") })}
        onKeyDown={(event) => event.stopPropagation()}
      >
        <ScopeList
          label={t("Limit this value to")}
          book={book}
          value={scope}
          onChange={setScope}
          initial={initial ?? ""}
          focus
          onKey={(event) => {
            const then = event.key === "Escape" ? "stay" : thenOf(event);
            if (!then) return;
            event.preventDefault();
            end(then === "down" ? "stay" : then, event.key !== "Escape");
          }}
        />
        <Text fz="xs" c="dimmed" pt="xs">
          {t("Enter puts in and takes out, Tab is done, Esc cancels. Nothing chosen: it holds everywhere.")}
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}
