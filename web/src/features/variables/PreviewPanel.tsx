import { Alert, Anchor, Badge, Button, Group, Select, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight, IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { reading } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Empty } from "../../parts/Empty";
import { Filter } from "../../parts/Filter";
import { Loading } from "../../parts/Loading";
import { Refused } from "../../parts/Refused";
import { useSpaceId } from "../../shell/space";
import { type Message, served, t } from "../../text";
import { projectAddress } from "../projects/shared";
import { ScopeChips } from "./AllVariables";
import { setReading } from "./loading";
import { type Scope, TYPE_WORDS } from "./model";
import classes from "./Preview.module.css";
import { PLACES, type Place, rankWord } from "./previewing";
import type { ScopeBook } from "./scopes";
import type { VariablesSearch } from "./search";

type Explanation = Schema["VariableExplanation"];
const STEP = 100;

interface Props {
  project: Schema["Project"];
  search: VariablesSearch;
  onSearch: (change: Partial<VariablesSearch>) => void;
}

/** What a project's variables are in a place, as they are saved now, and why each is what it is. */
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
      query: { project: project.Id, ...place },
    }),
    placeholderData: (before) => before,
  });
  return (
    <Stack gap="sm">
      <Where values={values} place={place} onSearch={onSearch} />
      <Filter
        label={t("Filter by name or value")}
        value={search.q ?? ""}
        onChange={(q) => onSearch({ q: q || undefined })}
      />
      <Refused error={error} />
      {isPending && <Loading rows={4} />}
      {data && !error && (
        <Found
          found={data.Variables}
          truncated={data.Truncated ?? false}
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
  search,
  onSearch,
  project,
  book,
}: Props & { found: readonly Explanation[]; truncated: boolean; book: ScopeBook }) {
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
      <Text fz="sm" c="dimmed" role="status">
        {t("{{count}} variables, as they are saved now", {
          count: fitting.length,
          one: "{{count}} variable, as it is saved now",
        })}
      </Text>
      <ul className={classes.list} aria-label={t("Variables in this place")}>
        {fitting.slice(0, most).map((each) => (
          <One
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

const SOURCES: Record<string, Message> = {
  Prompt: "asked for",
  Output: "output",
  System: "the server's own",
  Property: "property",
  Later: "known later",
  Hidden: "hidden from you",
  None: "no value here",
};

interface OneProps {
  explained: Explanation;
  opened: boolean;
  onToggle: (opened: boolean) => void;
  project: Schema["Project"];
  book: ScopeBook;
}

function One({ explained, opened, onToggle, project, book }: OneProps) {
  const winner = explained.Candidates?.find((each) => each.IsWinner);
  const Icon = opened ? IconChevronDown : IconChevronRight;
  return (
    <li className={classes.item}>
      <UnstyledButton className={classes.head} aria-expanded={opened} onClick={() => onToggle(!opened)}>
        <Icon size="1rem" aria-hidden />
        <span className="visually-hidden">{t("Why is it this value:")}</span>
        <span className={classes.name}>{explained.Name}</span>
        <span className={classes.value}>
          <Shown explained={explained} />
        </span>
        <span className={classes.from}>{winner?.SetName ?? t(SOURCES[explained.Source] ?? "")}</span>
      </UnstyledButton>
      {opened && <Why explained={explained} project={project} book={book} />}
    </li>
  );
}

function Shown({ explained }: { explained: Explanation }) {
  if (explained.IsSensitive) return <span className={classes.quiet}>●●●●●●</span>;
  if (explained.Value === null || explained.Value === undefined)
    return <span className={classes.quiet}>{t(SOURCES[explained.Source] ?? "no value here")}</span>;
  return <>{explained.Value || <span className={classes.quiet}>{t("(empty)")}</span>}</>;
}

function Why({ explained, project, book }: Pick<OneProps, "explained" | "project" | "book">) {
  const spaceId = useSpaceId();
  const { Candidates = [], References = [], Missing = [] } = explained;
  return (
    <div className={classes.why}>
      <Text fz="sm">{explained.Sentence}</Text>
      {explained.IsTied && (
        <Text fz="sm" c="var(--state-warning)">
          {t("Only the order decided between values that are equally specific. Narrow one of the scopes.")}
        </Text>
      )}
      {explained.Template !== null && explained.Template !== explained.Value && (
        <Text fz="sm">
          {t("Written as")} <code className={classes.code}>{explained.Template}</code>
        </Text>
      )}
      {explained.Error && (
        <Text fz="sm" c="var(--state-failed)">
          {explained.Error}
        </Text>
      )}
      {Missing.length > 0 && (
        <Text fz="sm" c="var(--state-warning)">
          {t("Nothing here is called {{names}}.", { names: Missing.join(", ") })}
        </Text>
      )}
      {Candidates.length > 0 && (
        <ul className={classes.candidates} aria-label={t("Values it might have had")}>
          {Candidates.map((each) => (
            <li
              key={`${each.SetId}/${each.VariableId}`}
              className={classes.candidate}
              data-winner={each.IsWinner || undefined}
            >
              {each.IsWinner ? (
                <IconCircleCheck size="1.1rem" aria-hidden />
              ) : (
                <IconCircleDashed size="1.1rem" aria-hidden />
              )}
              <div className={classes.about}>
                <code className={classes.code}>
                  {each.IsSensitive
                    ? "●●●●●●"
                    : each.Value === "" || each.Value === null
                      ? t("(empty)")
                      : each.Value}
                </code>
                <ScopeChips row={{ scope: each.Scope as Scope }} book={book} />
                <Text fz="sm">{each.Sentence}</Text>
                <Group gap="xs">
                  <Anchor
                    component={Link}
                    fz="sm"
                    to={rowAddress(spaceId, project, each.SetId)}
                    search={{ row: each.VariableId } as never}
                  >
                    {t("Row {{row}} of {{set}}", { row: each.Row, set: each.SetName })}
                  </Anchor>
                  {(each.Ranks ?? []).map((rank) => (
                    <Badge key={rank} variant="default" size="sm" tt="none">
                      {t("rank {{rank}}: {{word}}", { rank, word: t(rankWord(rank)) })}
                    </Badge>
                  ))}
                </Group>
              </div>
            </li>
          ))}
        </ul>
      )}
      {References.length > 0 && (
        <div>
          <Text fz="sm" fw={600}>
            {t("What its text mentions")}
          </Text>
          <ul className={classes.mentions}>
            {References.map((each) => (
              <li key={`${each.Within}/${each.Path}`}>
                <code className={classes.code}>#{`{${each.Path}}`}</code>{" "}
                {each.IsSensitive ? "●●●●●●" : (each.Value ?? t(SOURCES[each.Source] ?? ""))} ·{" "}
                {each.Sentence}
              </li>
            ))}
          </ul>
        </div>
      )}
      {explained.Type !== "String" && (
        <Text fz="sm" c="dimmed">
          {t("Type: {{type}}", { type: served(TYPE_WORDS[explained.Type] ?? explained.Type) })}
        </Text>
      )}
    </div>
  );
}

function rowAddress(spaceId: string, project: Schema["Project"], setId: string): string {
  const owner = setId.replace(/^variableset-/, "");
  return owner === project.Id
    ? projectAddress(spaceId, project, "variables")
    : `/${spaceId}/library/variable-sets/${owner}`;
}
