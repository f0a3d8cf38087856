import { Anchor, Button, Stack, Text } from "@mantine/core";
import { useSuspenseQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { reading, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Empty } from "../../parts/Empty";
import { Filter } from "../../parts/Filter";
import { ListTable } from "../../parts/ListTable";
import { useSpaceId } from "../../shell/space";
import { number, t } from "../../text";
import { projectAddress } from "../projects/shared";
import classes from "./Grid.module.css";
import { setReading } from "./loading";
import { isSensitive, type Row } from "./model";
import { KIND_WORD, type ScopeBook } from "./scopes";
import type { GridSearch } from "./search";

interface Item {
  row: Row;
  set: string;
  to: string;
  book: ScopeBook;
}

const STEP = 200;

/** Everything that holds for a project: its own values and those of the sets it includes, each with the way to its row. */
export function AllVariables({
  project,
  search,
  onSearch,
}: {
  project: Schema["Project"];
  search: GridSearch;
  onSearch: (change: Partial<GridSearch>) => void;
}) {
  const spaceId = useSpaceId();
  const included = project.IncludedLibraryVariableSetIds ?? [];
  const sets = useSuspenseQuery(
    reading("other", "/api/{spaceId}/libraryvariablesets/all", { path: { spaceId } }),
  ).data as readonly Schema["LibraryVariableSet"][];
  const known = included.flatMap((id) => sets.find((each) => each.Id === id) ?? []);
  const loaded = useSuspenseQueries({
    queries: [`variableset-${project.Id}`, ...known.map((each) => each.VariableSetId)].map((id) =>
      setReading(spaceId, id),
    ),
  });
  const [most, setMost] = useState(STEP);
  const asked = (search.q ?? "").toLowerCase();
  const items: readonly Item[] = loaded.flatMap(({ data }, at) => {
    const set = known[at - 1];
    return data.rows
      .filter(
        (row) => row.name.toLowerCase().includes(asked) || (row.value ?? "").toLowerCase().includes(asked),
      )
      .map((row) => ({
        row,
        set: set ? set.Name : t("This project"),
        to: set
          ? `/${spaceId}/library/variable-sets/${set.Id}`
          : projectAddress(spaceId, project, "variables"),
        book: data.book,
      }));
  });
  const sorted = [...items].sort((one, other) =>
    one.row.name.toLowerCase() < other.row.name.toLowerCase() ? -1 : 1,
  );
  return (
    <Stack gap="sm">
      <Filter
        label={t("Filter by name or value")}
        value={search.q ?? ""}
        onChange={(q) => onSearch({ q: q || undefined })}
      />
      <ListTable
        label={t("All variables of {{name}}", { name: project.Name })}
        items={sorted.slice(0, most)}
        idOf={({ row, set }) => `${set}/${row.id}`}
        columns={[
          {
            key: "name",
            head: t("Name"),
            cell: ({ row, to }) => (
              <Anchor component={Link} to={to} search={{ row: row.id } as never} fz="sm">
                {row.name}
              </Anchor>
            ),
          },
          {
            key: "value",
            head: t("Value"),
            cell: ({ row }) => (
              <Text component="span" fz="sm" className={classes.code} lineClamp={2}>
                {isSensitive(row) ? (row.isSet === false ? t("not set") : t("●●●●●● set")) : row.value}
              </Text>
            ),
          },
          { key: "scope", head: t("Scope"), cell: ({ row, book }) => <ScopeChips row={row} book={book} /> },
          { key: "set", head: t("From"), cell: ({ set }) => set, short: true },
        ]}
        empty={
          asked ? (
            <Empty title={t("No value fits")} why={t("No name and no value has this text.")} />
          ) : (
            <Empty
              title={t("No variables yet")}
              why={t("Neither the project nor a set it includes has a variable.")}
            />
          )
        }
      />
      {sorted.length > most && (
        <Button variant="default" onClick={() => setMost(most + STEP)} style={{ alignSelf: "flex-start" }}>
          {t("Show more ({{count}} left)", { count: sorted.length - most, n: number(sorted.length - most) })}
        </Button>
      )}
    </Stack>
  );
}

/** A scope as chips outside the grid. */
export function ScopeChips({ row, book }: { row: Pick<Row, "scope">; book: ScopeBook }) {
  const chips = book.chips(row.scope);
  if (chips.length === 0) return <span className={classes.quiet}>{t("Everywhere")}</span>;
  return (
    <span className={classes.chips} style={{ flexWrap: "wrap" }}>
      {chips.map((chip) => (
        <span
          key={`${chip.kind}/${chip.id}`}
          className={classes.chip}
          data-kind={chip.kind}
          data-gone={chip.gone || undefined}
          title={t(KIND_WORD[chip.kind as keyof typeof KIND_WORD] ?? chip.kind)}
        >
          {chip.name}
        </span>
      ))}
    </span>
  );
}
