import { Anchor, Button, Group } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { reading, useSuspenseQuery } from "../../api/queries";
import { Filter } from "../../parts/Filter";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { WhyButton } from "../../parts/WhyButton";
import { useMissing } from "../../shell/missing";
import { t } from "../../text";
import type { ListSearch } from "./search";

/** Roles: sets of permissions that teams are given. */
export function RolesPage() {
  const roles = useSuspenseQuery(reading("other", "/api/userroles/all")).data;
  const { q = "" } = useSearch({ strict: false }) as ListSearch;
  const navigate = useNavigate();
  const why = useMissing("UserRoleEdit");
  const wanted = q.toLowerCase();
  const shown = roles.filter(
    (role) =>
      role.Name.toLowerCase().includes(wanted) ||
      [...(role.GrantedSpacePermissions ?? []), ...(role.GrantedSystemPermissions ?? [])].some(
        (name) => name.toLowerCase() === wanted,
      ),
  );
  return (
    <Page
      title={t("Roles")}
      about={t(
        "A role is a set of permissions. Teams are given roles; people are given nothing by themselves.",
      )}
      actions={
        why ? (
          <WhyButton why={why}>{t("Add a role")}</WhyButton>
        ) : (
          <Button component={Link} to="/configuration/roles/new">
            {t("Add a role")}
          </Button>
        )
      }
    >
      <Group>
        <Filter
          label={t("Name, or a permission")}
          value={q}
          onChange={(text) =>
            void navigate({
              to: "/configuration/roles",
              search: { q: text || undefined } as never,
              replace: true,
            })
          }
        />
      </Group>
      <ListTable
        label={t("Roles")}
        items={shown}
        idOf={(role) => role.Id ?? ""}
        columns={[
          {
            key: "name",
            head: t("Name"),
            cell: (role) => (
              <Anchor component={Link} to={`/configuration/roles/${role.Id}`} inherit>
                {role.Name}
              </Anchor>
            ),
          },
          { key: "about", head: t("About"), cell: (role) => role.Description },
          {
            key: "kind",
            head: t("Kind"),
            short: true,
            cell: (role) => (role.CanBeDeleted === false ? t("Built in") : t("Own")),
          },
          {
            key: "space",
            head: t("In spaces"),
            end: true,
            cell: (role) => (role.GrantedSpacePermissions ?? []).length,
          },
          {
            key: "system",
            head: t("In the system"),
            end: true,
            cell: (role) => (role.GrantedSystemPermissions ?? []).length,
          },
        ]}
      />
    </Page>
  );
}
