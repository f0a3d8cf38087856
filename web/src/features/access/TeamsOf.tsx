import { Anchor, Badge, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { reading, useSuspenseQuery } from "../../api/queries";
import { Section } from "../../parts/Section";
import { useMay } from "../../shell/session";
import { t } from "../../text";

/** The teams somebody belongs to, and what brought them in. */
export function TeamsOf({ id }: { id: string }) {
  const teams = useSuspenseQuery(reading("other", "/api/users/{id}/teams", { path: { id } })).data;
  const may = useMay("TeamView", "");
  return (
    <Section title={t("Teams")} about={t("A team gives roles to everybody in it.")}>
      <Group gap="xs">
        {teams.map((team) => (
          <Badge key={team.Id} variant="default" size="lg" tt="none" fw={500}>
            {may ? (
              <Anchor component={Link} to={`/configuration/teams/${team.Id}`} inherit>
                {team.Name}
              </Anchor>
            ) : (
              team.Name
            )}
            {(team.ExternalGroupNames ?? []).length > 0 && (
              <Text span fz="xs" c="dimmed">
                {" "}
                {t("by group {{names}}", { names: (team.ExternalGroupNames ?? []).join(", ") })}
              </Text>
            )}
          </Badge>
        ))}
      </Group>
    </Section>
  );
}
