import { SimpleGrid, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { reading, useQuery } from "../../api/queries";
import { FilterBar } from "../../parts/FilterBar";
import { type Choice, choicesOf, PickMany } from "../../parts/PickMany";
import { useMay } from "../../shell/session";
import { t } from "../../text";
import { type AuditSearch, countOf, filtered, type ListFilter, valuesOf } from "./filters";
import { useTrailPlace } from "./reads";

const FOREVER = { staleTime: 3_600_000 };

/** What the trail may be narrowed to; every choice is in the address. */
export function Filters({ search }: { search: AuditSearch }) {
  const navigate = useNavigate();
  const { spaceId, to } = useTrailPlace();
  const go = (change: Partial<AuditSearch>) =>
    void navigate({ to, search: filtered(search, change) as never, replace: true, resetScroll: false });
  return (
    <FilterBar
      label={t("Words of the event")}
      text={search.q}
      onText={(q) => go({ q })}
      count={countOf(search)}
      onClear={() => void navigate({ to, search: {} as never, replace: true })}
    >
      {() => <Lists search={search} spaceId={spaceId} go={go} />}
    </FilterBar>
  );
}

interface ListsProps {
  search: AuditSearch;
  spaceId: string;
  go: (change: Partial<AuditSearch>) => void;
}

function Lists({ search, spaceId, go }: ListsProps) {
  const groups = useQuery({ ...reading("other", "/api/events/groups"), ...FOREVER }).data;
  const categories = useQuery({ ...reading("other", "/api/events/categories"), ...FOREVER }).data;
  const types = useQuery({ ...reading("other", "/api/events/documenttypes"), ...FOREVER }).data;
  const pick = (name: ListFilter, label: string, choices: readonly Choice[]) => (
    <PickMany
      label={label}
      value={valuesOf(search, name)}
      onChange={(values) => go({ [name]: values.join(",") })}
      choices={choices}
      none={t("Any")}
    />
  );
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
      {pick("groups", t("Groups of events"), choicesOf(groups))}
      {pick("categories", t("Kinds of events"), choicesOf(categories))}
      <People search={search} pick={pick} />
      {pick("types", t("Kinds of things"), choicesOf(types))}
      {spaceId ? <InSpace spaceId={spaceId} pick={pick} /> : <Spaces pick={pick} />}
      <Day label={t("From (day)")} value={search.from} onChange={(from) => go({ from })} />
      <Day label={t("To (day)")} value={search.to} onChange={(to) => go({ to })} />
      <Documents search={search} go={go} />
    </SimpleGrid>
  );
}

type Pick = (name: ListFilter, label: string, choices: readonly Choice[]) => React.ReactNode;

function People({ pick }: { search: AuditSearch; pick: Pick }) {
  const may = useMay("UserView", "");
  const users = useQuery({ ...reading("other", "/api/users/all"), enabled: may === true }).data ?? [];
  const choices = users.map((user) => ({ value: user.Id, label: user.DisplayName || user.Username }));
  return (
    <>{pick("users", t("People"), [...choices, { value: "users-system", label: t("The server itself") }])}</>
  );
}

function InSpace({ spaceId, pick }: { spaceId: string; pick: Pick }) {
  const path = { spaceId };
  const projects = useQuery(reading("project", "/api/{spaceId}/projects/all", { path })).data;
  const environments = useQuery(reading("environment", "/api/{spaceId}/environments/all", { path })).data;
  return (
    <>
      {pick("projects", t("Projects"), choicesOf(projects))}
      {pick("environments", t("Environments"), choicesOf(environments))}
    </>
  );
}

function Spaces({ pick }: { pick: Pick }) {
  return <>{pick("spaces", t("Spaces"), choicesOf(useQuery(reading("other", "/api/spaces/all")).data))}</>;
}

function Day({ label, value, onChange }: { label: string; value?: string; onChange: (day: string) => void }) {
  return (
    <TextInput
      type="date"
      label={label}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function Documents({ search, go }: { search: AuditSearch; go: ListsProps["go"] }) {
  const [text, setText] = useState(search.regarding ?? "");
  const find = useDebouncedCallback((regarding: string) => go({ regarding }), 400);
  return (
    <TextInput
      label={t("About (ids)")}
      placeholder="Projects-1"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        find(event.currentTarget.value.replace(/\s+/g, ""));
      }}
    />
  );
}
