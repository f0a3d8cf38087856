import { ActionIcon, Button, Checkbox, Group, Menu, MultiSelect, Select, Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconColumns3,
  IconPlus,
  IconTargetArrow,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Filter } from "../../parts/Filter";
import { WhyButton } from "../../parts/WhyButton";
import { number, t } from "../../text";
import type { Editor } from "./editor";
import { type GridSearch, parts, UNSCOPED } from "./filtering";
import { SCOPE_KINDS, TYPE_WORDS, TYPES } from "./model";
import { KIND_WORDS } from "./scopes";

interface Props {
  editor: Editor;
  search: GridSearch;
  onSearch: (change: Partial<GridSearch>) => void;
  shown: number;
  why: string | undefined;
  onAdd: () => void;
  onBulk: () => void;
  onUndo: () => void;
  onRedo: () => void;
  /** What stands at the end: saving. */
  children: ReactNode;
}

const joined = (list: readonly string[]): string | undefined =>
  list.length > 0 ? list.join(",") : undefined;

/** Toggles a word of a comma-joined part of the address. */
const flipped = (text: string | undefined, word: string): string | undefined => {
  const list = parts(text);
  return joined(list.includes(word) ? list.filter((each) => each !== word) : [...list, word]);
};

/** What stands above the grid: filters, columns, and what is done to rows. */
export function Toolbar(props: Props) {
  const { editor, search, onSearch, shown, why, onAdd, onBulk, onUndo, onRedo, children } = props;
  const { edits, warnings } = editor;
  const only = parts(search.only);
  const total = edits.order.length;
  return (
    <>
      <Group gap="xs" align="center">
        <Filter
          label={t("Filter by name or value")}
          value={search.q ?? ""}
          onChange={(q) => onSearch({ q: q || undefined })}
        />
        <ScopeFilter editor={editor} search={search} onSearch={onSearch} />
        <Select
          aria-label={t("Type")}
          placeholder={t("Any type")}
          data={TYPES.map((type) => ({ value: type, label: t(TYPE_WORDS[type] ?? type) }))}
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
          label={t("With warnings ({{n}})", { n: number(warnings.size) })}
          checked={only.includes("warnings")}
          onChange={() => onSearch({ only: flipped(search.only, "warnings") })}
        />
      </Group>
      <Group gap="xs">
        <WhyButton
          why={why}
          onClick={onAdd}
          variant="default"
          leftSection={<IconPlus size="1rem" aria-hidden />}
        >
          {t("New variable")}
        </WhyButton>
        <WhyButton
          why={why}
          onClick={onBulk}
          variant="default"
          leftSection={<IconTargetArrow size="1rem" aria-hidden />}
        >
          {t("Change scope")}
        </WhyButton>
        <Round label={t("Undo")} dead={edits.past.length === 0} onClick={onUndo}>
          <IconArrowBackUp size="1.1rem" aria-hidden />
        </Round>
        <Round label={t("Redo")} dead={edits.future.length === 0} onClick={onRedo}>
          <IconArrowForwardUp size="1.1rem" aria-hidden />
        </Round>
        <Columns search={search} onSearch={onSearch} />
        <span role="status" style={{ color: "var(--quiet)", fontSize: "var(--mantine-font-size-sm)" }}>
          {shown === total
            ? t("{{count}} values", { count: total, n: number(total), one: "{{count}} value" })
            : t("{{shown}} of {{total}} values", { shown: number(shown), total: number(total) })}
        </span>
        {children}
      </Group>
    </>
  );
}

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

function ScopeFilter({ editor, search, onSearch }: Pick<Props, "editor" | "search" | "onSearch">) {
  const { options } = editor.loaded.book;
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
