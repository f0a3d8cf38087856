import { Alert, Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { reading } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Empty } from "../../parts/Empty";
import { Filter } from "../../parts/Filter";
import { Loading } from "../../parts/Loading";
import { asLocal, asMoment } from "../../parts/localTime";
import { Refused } from "../../parts/Refused";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { Explained } from "./Explained";
import { setReading } from "./loading";
import classes from "./Preview.module.css";
import { PLACES, type Place } from "./previewing";
import type { ScopeBook } from "./scopes";
import type { VariablesSearch } from "./search";

type Explanation = Schema["VariableExplanation"];
const STEP = 100;

interface Props {
  project: Schema["Project"];
  search: VariablesSearch;
  onSearch: (change: Partial<VariablesSearch>) => void;
}

/** What a project's variables are in a place, as they are saved now or were at a moment, and why each is what it is. */
export function PreviewPanel({ project, search, onSearch }: Props) {
  const spaceId = useSpaceId();
  const { book, values } = useSuspenseQuery(setReading(spaceId, `variableset-${project.Id}`)).data;
  const place = Object.fromEntries(PLACES.map((key) => [key, search[key] ?? ""])) as Record<
    keyof Place,
    string
  >;
  const { data, error, isPending } = useQuery({
    ...reading("other", "/api/{spaceId}/variables/explain", {
      path: { spaceId },
      query: { project: project.Id, ...place, asOf: search.asOf ?? "" },
    }),
    placeholderData: (before) => before,
  });
  return (
    <Stack gap="sm">
      <Where values={values} place={place} onSearch={onSearch} />
      <Group gap="sm" align="flex-end">
        <TextInput
          type="datetime-local"
          label={t("As of")}
          w="12rem"
          value={search.asOf ? asLocal(new Date(search.asOf)) : ""}
          onChange={(event) => onSearch({ asOf: asMoment(event.currentTarget.value) })}
        />
        <Filter
          label={t("Filter by name or value")}
          value={search.q ?? ""}
          onChange={(q) => onSearch({ q: q || undefined })}
        />
      </Group>
      <Refused error={error} />
      {isPending && <Loading rows={4} />}
      {data && !error && (
        <Found
          found={data.Variables}
          truncated={data.Truncated ?? false}
          gone={data.GoneSets?.length ?? 0}
          search={search}
          onSearch={onSearch}
          project={project}
          book={book}
        />
      )}
    </Stack>
  );
}

function Where({
  values,
  place,
  onSearch,
}: {
  values: Schema["ScopeValues"] | undefined;
  place: Record<keyof Place, string>;
  onSearch: (change: Partial<VariablesSearch>) => void;
}) {
  const fields: readonly (readonly [keyof Place, string, readonly { Id: string; Name: string }[]])[] = [
    ["environment", t("Environment"), values?.Environments ?? []],
    ["machine", t("Machine"), values?.Machines ?? []],
    ["role", t("Target tag"), values?.Roles ?? []],
    ["action", t("Step"), values?.Actions ?? []],
    ["channel", t("Channel"), values?.Channels ?? []],
  ];
  return (
    <Group gap="sm" align="flex-end">
      {fields.map(([key, label, options]) => (
        <Select
          key={key}
          label={label}
          placeholder={t("Any")}
          data={options.map(({ Id, Name }) => ({ value: Id, label: Name }))}
          value={place[key] || null}
          onChange={(id) => onSearch({ [key]: id ?? undefined })}
          searchable
          clearable
          limit={100}
          w="12rem"
          clearButtonProps={{ "aria-label": t("Any {{what}}", { what: label.toLowerCase() }) }}
        />
      ))}
    </Group>
  );
}

function Found({
  found,
  truncated,
  gone,
  search,
  onSearch,
  project,
  book,
}: Props & { found: readonly Explanation[]; truncated: boolean; gone: number; book: ScopeBook }) {
  const [most, setMost] = useState(STEP);
  const asked = (search.q ?? "").toLowerCase();
  const own = found.filter((each) => each.Source !== "System");
  const fitting = [...own, ...found.filter((each) => each.Source === "System")].filter(
    (each) => each.Name.toLowerCase().includes(asked) || (each.Value ?? "").toLowerCase().includes(asked),
  );
  if (fitting.length === 0)
    return (
      <Empty
        title={asked ? t("No value fits") : t("Nothing applies here")}
        why={
          asked
            ? t("No name and no value has this text.")
            : t("Neither the project nor a set it includes has a variable.")
        }
      />
    );
  return (
    <>
      {truncated && (
        <Alert role="status">
          {t("There are more than can be explained at once; the first by name are shown.")}
        </Alert>
      )}
      {gone > 0 && (
        <Alert role="status" color="yellow">
          {t("{{count}} variable sets that were included then are deleted: their values are missing.", {
            count: gone,
            one: "{{count}} variable set that was included then is deleted: its values are missing.",
          })}
        </Alert>
      )}
      <Text fz="sm" c="dimmed" role="status">
        {search.asOf
          ? t("{{count}} variables, as they were saved then", {
              count: fitting.length,
              one: "{{count}} variable, as it was saved then",
            })
          : t("{{count}} variables, as they are saved now", {
              count: fitting.length,
              one: "{{count}} variable, as it is saved now",
            })}
      </Text>
      <ul className={classes.list} aria-label={t("Variables in this place")}>
        {fitting.slice(0, most).map((each) => (
          <Explained
            key={each.Name}
            explained={each}
            opened={search.why?.toLowerCase() === each.Name.toLowerCase()}
            onToggle={(opened) => onSearch({ why: opened ? each.Name : undefined })}
            project={project}
            book={book}
          />
        ))}
      </ul>
      {fitting.length > most && (
        <Button variant="default" onClick={() => setMost(most + STEP)} style={{ alignSelf: "flex-start" }}>
          {t("Show more ({{count}} left)", { count: fitting.length - most })}
        </Button>
      )}
    </>
  );
}
