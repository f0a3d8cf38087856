import { Alert, Anchor, List, Select, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { reading, useQuery, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import type { Choice } from "../../parts/PickMany";
import { Refused } from "../../parts/Refused";
import { Section } from "../../parts/Section";
import { useMay } from "../../shell/session";
import { useSpace } from "../../shell/space";
import { t } from "../../text";
import { permissionsOf } from "./permissions";
import { usePlaces, useSpaceChoices } from "./reads";
import type { PersonSearch } from "./search";

interface Props {
  user: Schema["User"];
  to: string;
  search: PersonSearch;
}

/** Why somebody may do something somewhere, or may not: every grant that was considered. */
export function WhyMay({ user, to, search }: Props) {
  const navigate = useNavigate();
  const here = useSpace();
  const spaceId = search.space ?? here?.Id ?? "";
  const all = useSuspenseQuery(reading("other", "/api/permissions/all")).data;
  const places = usePlaces(spaceId);
  const go = (change: Partial<PersonSearch>) =>
    void navigate({
      to,
      search: { ...search, tab: "why", ...change } as never,
      replace: true,
      resetScroll: false,
    });
  const permissions = permissionsOf(all)
    .filter((one) => one.space)
    .map((one) => ({ value: one.name, label: `${one.Description} (${one.name})` }));
  return (
    <Stack gap="md">
      <Section
        title={t("The question")}
        about={t("May {{name}} do this, there?", { name: user.DisplayName || user.Username })}
      >
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <One
            label={t("Permission")}
            value={search.permission}
            choices={permissions}
            onChange={(permission) => go({ permission })}
          />
          <One
            label={t("Space")}
            value={spaceId}
            choices={useSpaceChoices()}
            onChange={(space) => go({ space, project: undefined, environment: undefined })}
          />
          <One
            label={t("Project")}
            value={search.project}
            choices={places.projects}
            onChange={(project) => go({ project })}
            none={t("Any")}
          />
          <One
            label={t("Environment")}
            value={search.environment}
            choices={places.environments}
            onChange={(environment) => go({ environment })}
            none={t("Any")}
          />
        </SimpleGrid>
      </Section>
      {search.permission && spaceId && <Answer user={user} spaceId={spaceId} search={search} />}
    </Stack>
  );
}

interface OneProps {
  label: string;
  value: string | undefined;
  choices: readonly Choice[];
  onChange: (value: string | undefined) => void;
  none?: string;
}

function One({ label, value, choices, onChange, none }: OneProps) {
  return (
    <Select
      label={label}
      data={[...choices]}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      searchable
      limit={200}
      clearable={none !== undefined}
      allowDeselect={none !== undefined}
      placeholder={none ?? t("Choose one")}
      nothingFoundMessage={t("Nothing of that name")}
      clearButtonProps={{ "aria-label": t("Clear {{label}}", { label }) }}
    />
  );
}

function Answer({ user, spaceId, search }: { user: Schema["User"]; spaceId: string; search: PersonSearch }) {
  const { data, error } = useQuery(
    reading(["other", "project", "environment"], "/api/{spaceId}/permissions/explain", {
      path: { spaceId },
      query: {
        permission: search.permission,
        project: search.project,
        environment: search.environment,
        user: user.IsRequestor ? undefined : user.Id,
      },
    }),
  );
  const { projects, groups, environments } = usePlaces(spaceId);
  if (error && !data) return <Refused error={error} />;
  if (!data) return null;
  const names = new Map([...projects, ...groups, ...environments].map((each) => [each.value, each.label]));
  const named: Named = (text) => text.replace(/\b[A-Za-z]+-\d+\b/g, (id) => names.get(id) ?? id);
  const name = user.DisplayName || user.Username;
  const tone = data.IsAllowed ? "success" : "failed";
  return (
    <Section title={t("The answer")}>
      <Alert
        role="status"
        color={data.IsAllowed ? "green" : "red"}
        icon={data.IsAllowed ? <IconCircleCheck aria-hidden /> : <IconCircleX aria-hidden />}
        title={
          data.IsAllowed
            ? t("Yes: {{name}} holds {{permission}} there", { name, permission: data.Permission })
            : t("No: {{name}} does not hold {{permission}} there", { name, permission: data.Permission })
        }
        styles={{ title: { color: `var(--state-${tone})` }, message: { color: "var(--mantine-color-text)" } }}
      >
        {named(data.Place)}
      </Alert>
      {user.IsActive === false && (
        <Text>{t("The account is disabled, so nothing it was given counts.")}</Text>
      )}
      <Grants grants={data.Grants ?? []} named={named} />
      {!data.IsAllowed && <Others teams={data.Teams ?? []} />}
    </Section>
  );
}

/** What the server says of a place, with names for ids. */
type Named = (text: string) => string;

function Grants({ grants, named }: { grants: readonly Schema["ExplainedGrant"][]; named: Named }) {
  const sees = useMay("TeamView", "") === true;
  if (grants.length === 0) return <Text c="dimmed">{t("No team of theirs was given any role here.")}</Text>;
  return (
    <Table.ScrollContainer
      minWidth="36rem"
      type="native"
      tabIndex={0}
      role="region"
      aria-label={t("What was considered")}
    >
      <Table verticalSpacing={6} aria-label={t("What was considered")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t("Team")}</Table.Th>
            <Table.Th scope="col">{t("Role")}</Table.Th>
            <Table.Th scope="col">{t("Given for")}</Table.Th>
            <Table.Th scope="col">{t("Enough?")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {grants.map((grant) => (
            <Table.Tr key={`${grant.TeamId}${grant.UserRoleId}${grant.SpaceId}${grant.Scope}`}>
              <Table.Th scope="row" fw={500}>
                {sees ? (
                  <Anchor component={Link} to={`/configuration/teams/${grant.TeamId}`} inherit>
                    {grant.TeamName}
                  </Anchor>
                ) : (
                  grant.TeamName
                )}
              </Table.Th>
              <Table.Td>{grant.UserRoleName}</Table.Td>
              <Table.Td>{grant.SpaceId ? named(grant.Scope) : t("the system")}</Table.Td>
              <Table.Td c={grant.Fits ? "var(--state-success)" : undefined}>
                {grant.Fits ? t("Yes.") : t("No.")} {named(grant.Why)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Others({ teams }: { teams: readonly Schema["NamedTeam"][] }) {
  if (teams.length === 0) return null;
  return (
    <div>
      <Text fw={600} fz="sm">
        {t("Teams that may:")}
      </Text>
      <List size="sm">
        {teams.map((team) => (
          <List.Item key={team.Id}>{team.Name}</List.Item>
        ))}
      </List>
    </div>
  );
}
