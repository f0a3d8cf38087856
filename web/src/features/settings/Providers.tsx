import { Anchor, Button, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { reading, useQuery } from "../../api/queries";
import { Empty } from "../../parts/Empty";
import { ListTable } from "../../parts/ListTable";
import { Refused } from "../../parts/Refused";
import { StateMark } from "../../parts/StateMark";
import { WhyButton } from "../../parts/WhyButton";
import { useMissing } from "../../shell/missing";
import { t } from "../../text";

/** Who else tells us who people are. */
export function Providers() {
  const { data, error } = useQuery(reading("other", "/api/gurita/identity-providers/all"));
  if (error && !data) return <Refused error={error} />;
  if (!data) return null;
  return (
    <ListTable
      label={t("Identity providers")}
      items={data}
      idOf={(one) => one.Id ?? ""}
      empty={
        <Empty
          title={t("No identity provider")}
          why={t("With one, people sign in with their company account, and its groups put them into teams.")}
        >
          <Buttons />
        </Empty>
      }
      columns={[
        {
          key: "name",
          head: t("Name"),
          cell: (one) => (
            <Anchor component={Link} to={`/configuration/providers/${one.Id}`} inherit>
              {one.Name}
            </Anchor>
          ),
        },
        { key: "kind", head: t("Kind"), cell: (one) => (one.Ldap ? "LDAP" : "OpenID Connect") },
        { key: "where", head: t("Where"), cell: (one) => one.Ldap?.Host ?? one.OpenIdConnect?.Issuer },
        {
          key: "state",
          head: t("State"),
          cell: (one) => (
            <StateMark state={one.IsEnabled ? "success" : "canceled"} word={one.IsEnabled ? "On" : "Off"} />
          ),
        },
        { key: "new", head: <Buttons />, cell: () => "" },
      ]}
    />
  );
}

function Buttons() {
  const why = useMissing("ConfigureServer");
  if (why) return <WhyButton why={why}>{t("Add a provider")}</WhyButton>;
  return (
    <Group gap="xs" wrap="nowrap" justify="flex-end">
      <Button size="compact-sm" variant="default" component={Link} to="/configuration/providers/new">
        {t("Add OpenID Connect")}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        component={Link}
        to="/configuration/providers/new"
        search={{ kind: "ldap" } as never}
      >
        {t("Add LDAP")}
      </Button>
    </Group>
  );
}
