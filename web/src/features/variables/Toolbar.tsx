import { ActionIcon, Button, Checkbox, Group, Menu, MultiSelect, Select, Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconColumns3,
  IconHistory,
  IconPlus,
  IconTargetArrow,
} from "@tabler/icons-react";
import { memo, type ReactNode } from "react";
import { Filter } from "../../parts/Filter";
import { WhyButton } from "../../parts/WhyButton";
import { number, served, t } from "../../text";
import { parts, UNSCOPED } from "./filtering";
import { SCOPE_KINDS, TYPE_WORDS, TYPES } from "./model";
import { KIND_WORDS, type ScopeBook } from "./scopes";
import type { GridSearch } from "./search";

interface Props {
  book: ScopeBook;
  total: number;
  shown: number;
  /** How many rows have a warning. */
  warned: number;
  undoes: boolean;
  redoes: boolean;
  search: GridSearch;
  onSearch: (change: Partial<GridSearch>) => void;
  why: string | undefined;
  on: { add: () => void; bulk: () => void; undo: () => void; redo: () => void };
  /** What stands at the end: saving. */
  saving: ReactNode;
}

const joined = (list: readonly string[]): string | undefined =>
  list.length > 0 ? list.join(",") : undefined;

/** Toggles a word of a comma-joined part of the address. */
const flipped = (text: string | undefined, word: string): string | undefined => {
  const list = parts(text);
  return joined(list.includes(word) ? list.filter((each) => each !== word) : [...list, word]);
};

/** What stands above the grid: filters, columns, and what is done to rows. */
export function Toolbar({ saving, ...rest }: Props) {
  return (
    <>
      <Filters book={rest.book} warned={rest.warned} search={rest.search} onSearch={rest.onSearch} />
      <Group gap="xs">
        <Deeds {...rest} />
        {saving}
      </Group>
    </>
  );
}

const Filters = memo(function Filters({
  book,
  warned,
  search,
  onSearch,
}: Pick<Props, "book" | "warned" | "search" | "onSearch">) {
  const only = parts(search.only);
  return (
    <Group gap="xs" align="center">
      <Filter
        label={t("Filter by name or value")}
        value={search.q ?? ""}
        onChange={(q) => onSearch({ q: q || undefined })}
      />
      <ScopeFilter book={book} search={search} onSearch={onSearch} />
      <Select
        aria-label={t("Type")}
        placeholder={t("Any type")}
        data={TYPES.map((type) => ({ value: type, label: served(TYPE_WORDS[type] ?? type) }))}
        value={search.type ?? null}
        onChange={(type) => onSearch({ type: type ?? undefined })}
        clearable
        clearButtonProps={{ "aria-label": t("Any type") }}
        w="11rem"
      />
      <Checkbox
        label={t("Changed")}
        checked={only.includes("changed")}
        onChange={() => onSearch({ only: flipped(search.only, "changed") })}
      />
      <Checkbox
        label={t("With warnings ({{n}})", { n: number(warned) })}
        checked={only.includes("warnings")}
        onChange={() => onSearch({ only: flipped(search.only, "warnings") })}
      />
    </Group>
  );
});

const Deeds = memo(function Deeds({
  total,
  shown,
  undoes,
  redoes,
  search,
  onSearch,
  why,
  on,
}: Omit<Props, "saving">) {
  return (
    <>
      <WhyButton
        why={why}
        onClick={on.add}
        variant="default"
        leftSection={<IconPlus size="1rem" aria-hidden />}
      >
        {t("New variable")}
      </WhyButton>
      <WhyButton
        why={why}
        onClick={on.bulk}
        variant="default"
        leftSection={<IconTargetArrow size="1rem" aria-hidden />}
      >
        {t("Change scope")}
      </WhyButton>
      <Round label={t("Undo")} dead={!undoes} onClick={on.undo}>
        <IconArrowBackUp size="1.1rem" aria-hidden />
      </Round>
      <Round label={t("Redo")} dead={!redoes} onClick={on.redo}>
        <IconArrowForwardUp size="1.1rem" aria-hidden />
      </Round>
      <Columns search={search} onSearch={onSearch} />
      <Button
        variant="default"
        leftSection={<IconHistory size="1rem" aria-hidden />}
        onClick={() => onSearch({ history: 1 })}
      >
        {t("History")}
      </Button>
      <span role="status" style={{ color: "var(--quiet)", fontSize: "var(--mantine-font-size-sm)" }}>
        {shown === total
          ? t("{{n}} values", { count: total, n: number(total), one: "{{n}} value" })
          : t("{{shown}} of {{total}} values", { shown: number(shown), total: number(total) })}
      </span>
    </>
  );
});

function Round({
  label,
  dead,
  onClick,
  children,
}: {
  label: string;
  dead: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Tooltip label={dead ? t("{{label}}: nothing to do", { label }) : label}>
      <ActionIcon
        variant="default"
        size="input-sm"
        aria-label={label}
        data-disabled={dead || undefined}
        aria-disabled={dead}
        onClick={() => !dead && onClick()}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function ScopeFilter({ book, search, onSearch }: Pick<Props, "book" | "search" | "onSearch">) {
  const { options } = book;
  const groups = SCOPE_KINDS.map((kind) => {
    const seen = new Set<string>();
    const items = options
      .filter((each) => each.kind === kind && !seen.has(each.id) && seen.add(each.id))
      .map((each) => ({ value: each.id, label: each.name }));
    return { group: t(KIND_WORDS[kind]), items };
  }).filter((each) => each.items.length > 0);
  const taken = new Set<string>();
  const unique = groups.map(({ group, items }) => ({
    group,
    items: items.filter(({ value }) => !taken.has(value) && taken.add(value)),
  }));
  return (
    <MultiSelect
      aria-label={t("Scope")}
      placeholder={search.scope ? "" : t("Any scope")}
      data={[{ group: t("Without"), items: [{ value: UNSCOPED, label: t("Everywhere") }] }, ...unique]}
      value={[...parts(search.scope)]}
      onChange={(ids) => onSearch({ scope: joined(ids) })}
      searchable
      clearable
      limit={100}
      maxDropdownHeight="18rem"
      clearButtonProps={{ "aria-label": t("Any scope") }}
      miw="12rem"
    />
  );
}

function Columns({ search, onSearch }: Pick<Props, "search" | "onSearch">) {
  const shown = parts(search.columns);
  return (
    <Menu closeOnItemClick={false} withinPortal>
      <Menu.Target>
        <Button variant="default" leftSection={<IconColumns3 size="1rem" aria-hidden />}>
          {t("Columns")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {[
          ["type", t("Type")],
          ["description", t("Description")],
        ].map(([column = "", text]) => (
          <Menu.Item
            key={column}
            role="menuitemcheckbox"
            aria-checked={shown.includes(column)}
            leftSection={<span aria-hidden>{shown.includes(column) ? "✓" : " "}</span>}
            onClick={() => onSearch({ columns: flipped(search.columns, column) })}
          >
            {text}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
