import { Anchor, Button, Text } from "@mantine/core";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { reading, useSuspenseQuery } from "../../api/queries";
import { Dialog } from "../../parts/Dialog";
import { Empty } from "../../parts/Empty";
import { Filter } from "../../parts/Filter";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { kindOf, secretsOf } from "./kinds";
import { NewAccount } from "./NewAccount";

const route = getRouteApi("/frame/$space/infrastructure/accounts");

/** What machines and steps sign in with. */
export function AccountsPage() {
  const spaceId = useSpaceId();
  const { add, q = "" } = route.useSearch();
  const navigate = useNavigate();
  const all = useSuspenseQuery(reading("other", "/api/{spaceId}/accounts/all", { path: { spaceId } })).data;
  const here = `/${spaceId}/infrastructure/accounts`;
  const go = (search: { add?: boolean; q?: string }) =>
    void navigate({ to: here, search: search as never, replace: true });
  const may = useMay("AccountCreate", spaceId) !== false;
  const button = may && <Button onClick={() => go({ add: true })}>{t("Add account")}</Button>;
  const shown = all.filter((each) => each.Name.toLowerCase().includes(q.toLowerCase()));
  return (
    <Page
      title={t("Accounts")}
      about={t(
        "Keys, passwords and identities that machines and steps sign in with. Their secrets are never shown.",
      )}
      actions={button}
    >
      {all.length === 0 ? (
        <Empty
          title={t("No accounts yet")}
          why={t(
            "An account holds what is needed to sign in somewhere: an SSH key, a password, a cloud identity.",
          )}
        >
          {button}
        </Empty>
      ) : (
        <>
          <Filter label={t("Part of the name")} value={q} onChange={(text) => go({ q: text })} />
          <ListTable
            label={t("Accounts")}
            items={shown}
            idOf={(one) => one.Id}
            empty={<Text c="dimmed">{t("None has such a name.")}</Text>}
            columns={[
              {
                key: "name",
                head: t("Name"),
                cell: (one) => (
                  <Anchor component={Link} to={`${here}/${one.Id}`} fw={550}>
                    {one.Name}
                  </Anchor>
                ),
              },
              { key: "kind", head: t("Kind"), cell: (one) => t(kindOf(one.AccountType)) },
              {
                key: "as",
                head: t("Signs in as"),
                cell: (one) => ("Username" in one ? one.Username : "AccessKey" in one ? one.AccessKey : ""),
              },
              {
                key: "secrets",
                head: t("Secrets"),
                cell: (one) =>
                  secretsOf(one)
                    .filter(([, set]) => set)
                    .map(([label]) => t("{{label}}: set", { label: t(label) }))
                    .join(", ") || t("None set"),
              },
            ]}
          />
        </>
      )}
      <Dialog opened={add === true} onClose={() => go({})} title={t("Add an account")} size="lg">
        {add && (
          <NewAccount
            spaceId={spaceId}
            onMade={(made) => void navigate({ to: `${here}/${made.Id}` })}
            onCancel={() => go({})}
          />
        )}
      </Dialog>
    </Page>
  );
}
