import { Text, TextInput } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { t } from "../../text";
import classes from "./Grid.module.css";
import { SCOPE_KINDS, type Scope } from "./model";
import { KIND_WORDS, matching, newTag, type Option, type ScopeBook, toggled } from "./scopes";

const MOST = 150;

interface Props {
  label: string;
  book: ScopeBook;
  value: Scope;
  onChange: (scope: Scope) => void;
  /** Keys the list has no use for, e.g. Escape and Tab. */
  onKey?: (event: KeyboardEvent<HTMLElement>) => void;
  initial?: string;
  focus?: boolean;
}

/** Chooses what a value is limited to: type to narrow, arrows to go, Enter to put in or take out. */
export function ScopeList({ label, book, value, onChange, onKey, initial = "", focus }: Props) {
  const [asked, setAsked] = useState(initial);
  const [at, setAt] = useState(0);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [options] = useState(() => [...strange(book, value), ...book.options]);
  const found = useMemo(() => matching(options, asked), [options, asked]);
  const tag = found.length < 5 ? newTag(options, asked) : undefined;
  const shown = tag ? [...found, tag] : found.slice(0, MOST);
  const here = Math.min(at, shown.length - 1);
  useEffect(() => {
    if (focus) input.current?.focus();
  }, [focus]);
  useEffect(() => {
    list.current?.querySelector(`[data-at="${here}"]`)?.scrollIntoView({ block: "nearest" });
  }, [here]);
  const toggle = (option: Option | undefined) => {
    if (option) onChange(toggled(value, option.kind, option.id));
  };
  const key = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) setAt(Math.min(Math.max(here + step, 0), shown.length - 1));
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) toggle(shown[here]);
    else {
      onKey?.(event);
      return;
    }
    event.preventDefault();
  };
  return (
    <div>
      <TextInput
        ref={input}
        size="xs"
        label={label}
        placeholder={t("Type to find")}
        value={asked}
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={shown[here] ? `${id}-${here}` : undefined}
        autoComplete="off"
        onChange={(event) => {
          setAsked(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={key}
      />
      <div
        ref={list}
        id={`${id}-list`}
        className={classes.options}
        role="listbox"
        aria-multiselectable
        aria-label={label}
        tabIndex={-1}
      >
        {shown.map((option, place) => (
          <Entry
            key={`${option.kind}/${option.id}`}
            id={`${id}-${place}`}
            place={place}
            option={option}
            first={option.kind !== shown[place - 1]?.kind}
            fresh={option === tag}
            here={place === here}
            chosen={(value[option.kind] ?? []).includes(option.id)}
            onChoose={() => {
              setAt(place);
              toggle(option);
            }}
          />
        ))}
      </div>
      {shown.length === 0 && (
        <Text fz="xs" c="dimmed" pt="xs">
          {options.length === 0
            ? t("There is nothing yet that a value could be limited to.")
            : t("Nothing of that name")}
        </Text>
      )}
      {found.length > shown.length && (
        <Text fz="xs" c="dimmed" pt="xs">
          {t("{{count}} more; type to find them", { count: found.length - shown.length })}
        </Text>
      )}
    </div>
  );
}

/** What a scope names that is not there (any more): it can be taken out here. */
const strange = (book: ScopeBook, value: Scope): readonly Option[] =>
  SCOPE_KINDS.flatMap((kind) =>
    (value[kind] ?? []).filter((id) => !book.has(kind, id)).map((id) => ({ kind, id, name: id })),
  );

interface EntryProps {
  id: string;
  place: number;
  option: Option;
  first: boolean;
  fresh: boolean;
  here: boolean;
  chosen: boolean;
  onChoose: () => void;
}

function Entry({ id, place, option, first, fresh, here, chosen, onChoose }: EntryProps) {
  return (
    <>
      {first && (
        <div role="presentation" className={classes.group}>
          {t(KIND_WORDS[option.kind])}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys and points here */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the field above keeps the focus and points here */}
      <div
        id={id}
        data-at={place}
        role="option"
        aria-selected={chosen}
        className={classes.option}
        data-here={here || undefined}
        onMouseDown={(event) => event.preventDefault()}
        onClick={onChoose}
      >
        <span className={classes.box} aria-hidden>
          {chosen && <IconCheck size="0.8rem" stroke={3} />}
        </span>
        {fresh ? t("{{name}}, a tag no machine has yet", { name: option.name }) : option.name}
      </div>
    </>
  );
}
