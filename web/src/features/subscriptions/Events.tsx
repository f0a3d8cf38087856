import { SimpleGrid } from "@mantine/core";
import { reading, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { type Choice, choicesOf, PickMany } from "../../parts/PickMany";
import { Section } from "../../parts/Section";
import { useMay } from "../../shell/session";
import { t } from "../../text";
import type { Part } from "./telling";

type Filter = Schema["EventFilter"];

/** Which events are told of. */
export function Events({ told, change, readOnly, spaceId }: Part) {
  const filter = (told.Filter ?? {}) as Filter;
  const groups = useQuery(
    reading("other", "/api/events/groups", { query: { appliesTo: "Subscription" } }),
  ).data;
  const kinds = useQuery(
    reading("other", "/api/events/categories", { query: { appliesTo: "Subscription" } }),
  ).data;
  const types = useQuery(reading("other", "/api/events/documenttypes")).data;
  const sees = useMay("UserView", "") === true;
  const users = useQuery({ ...reading("other", "/api/users/all"), enabled: sees }).data ?? [];
  const pick = (name: keyof Filter & string, label: string, choices: readonly Choice[]) => (
    <PickMany
      label={label}
      value={(filter[name] as string[] | undefined) ?? []}
      onChange={(values) => change({ Filter: { ...filter, [name]: values } })}
      choices={choices}
      none={t("Any")}
      readOnly={readOnly}
    />
  );
  return (
    <Section
      title={t("Which events")}
      about={t(
        "An event must fit each of these that is not empty. Groups and kinds count as one, and so do projects and their groups.",
      )}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {pick("EventGroups", t("Groups of events"), choicesOf(groups))}
        {pick("EventCategories", t("Kinds of events"), choicesOf(kinds))}
        {pick("DocumentTypes", t("Kinds of things"), choicesOf(types))}
        {pick(
          "Users",
          t("People"),
          users.map((user) => ({ value: user.Id ?? "", label: user.DisplayName || user.Username })),
        )}
        {spaceId && <InSpace spaceId={spaceId} pick={pick} />}
      </SimpleGrid>
    </Section>
  );
}

interface InSpaceProps {
  spaceId: string;
  pick: (name: keyof Filter & string, label: string, choices: readonly Choice[]) => React.ReactNode;
}

function InSpace({ spaceId, pick }: InSpaceProps) {
  const path = { spaceId };
  const projects = useQuery(reading("project", "/api/{spaceId}/projects/all", { path })).data;
  const groups = useQuery(reading("project", "/api/{spaceId}/projectgroups/all", { path })).data;
  const environments = useQuery(reading("environment", "/api/{spaceId}/environments/all", { path })).data;
  return (
    <>
      {pick("Projects", t("Projects"), choicesOf(projects))}
      {pick("ProjectGroups", t("Project groups"), choicesOf(groups))}
      {pick("Environments", t("Environments"), choicesOf(environments))}
    </>
  );
}
