import { Anchor, Button, Group, Stack, Table, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { address } from "../../api/client";
import { reading, useSuspenseQuery } from "../../api/queries";
import { Filter } from "../../parts/Filter";
import { Section } from "../../parts/Section";
import { t } from "../../text";
import { heldPlaces } from "./held";
import { fits, grouped, type Permission, permissionsOf } from "./permissions";
import { useNames } from "./reads";
import type { PersonSearch } from "./search";

interface Props {
  id: string;
  to: string;
  search: PersonSearch;
}

/** What somebody may do: every permission they hold, and where. */
export function Permissions({ id, to, search }: Props) {
  const all = useSuspenseQuery(reading("other", "/api/permissions/all")).data;
  const set = useSuspenseQuery(reading("other", "/api/users/{id}/permissions", { path: { id } })).data;
  const spaceIds = useMemo(
    () => Object.values(set.SpacePermissions).flatMap((each) => each.map((one) => one.SpaceId ?? "")),
    [set],
  );
  const names = useNames(spaceIds);
  const places = heldPlaces(set, names, t("Everywhere"));
  const system = new Set(set.SystemPermissions);
  const navigate = useNavigate();
  const q = search.q ?? "";
  const held = permissionsOf(all).filter(
    (one) => (places.has(one.name) || system.has(one.name)) && fits(one, q),
  );
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Filter
          label={t("Permission")}
          value={q}
          onChange={(text) =>
            void navigate({ to, search: { ...search, q: text || undefined } as never, replace: true })
          }
        />
        <Button
          component="a"
          href={address("/api/users/{id}/permissions/export", { id })}
          download
          variant="default"
          leftSection={<IconDownload size="1rem" aria-hidden />}
        >
          {t("Export (CSV)")}
        </Button>
      </Group>
      {held.length === 0 && (
        <Text c="dimmed">{q ? t("No permission fits.") : t("No permission is held.")}</Text>
      )}
      {grouped(held).map((group) => (
        <Section key={group.title} title={t(group.title)}>
          <Table.ScrollContainer
            minWidth="30rem"
            type="native"
            tabIndex={0}
            role="region"
            aria-label={t("{{name}}: table", { name: t(group.title) })}
          >
            <Table verticalSpacing={4} layout="fixed" aria-label={t(group.title)}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t("Permission")}</Table.Th>
                  <Table.Th scope="col">{t("Where")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {group.permissions.map((one) => (
                  <Row key={one.name} permission={one} to={to}>
                    {system.has(one.name) && <div>{t("System")}</div>}
                    {(places.get(one.name) ?? []).map((place) => (
                      <div key={`${place.space}${place.only}`}>
                        {place.space}
                        {place.only && (
                          <Text span c="dimmed" fz="sm">
                            {" "}
                            · {t("only {{what}}", { what: place.only })}
                          </Text>
                        )}
                      </div>
                    ))}
                  </Row>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Section>
      ))}
    </Stack>
  );
}

function Row({
  permission,
  to,
  children,
}: {
  permission: Permission;
  to: string;
  children: React.ReactNode;
}) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {permission.Description}
        <Text fz="xs" component="div">
          <Anchor
            component={Link}
            to={to}
            search={{ tab: "why", permission: permission.name } as never}
            inherit
            c="dimmed"
            aria-label={t("Why: {{name}}", { name: permission.name })}
          >
            {permission.name}
          </Anchor>
        </Text>
      </Table.Th>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  );
}
