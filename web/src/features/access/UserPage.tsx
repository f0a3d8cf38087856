import { Alert } from "@mantine/core";
import { useParams, useSearch } from "@tanstack/react-router";
import { reading, useSuspenseQuery } from "../../api/queries";
import { LinkTabs } from "../../parts/LinkTabs";
import { Page } from "../../parts/Page";
import { useMay } from "../../shell/session";
import { t } from "../../text";
import { ApiKeys } from "./ApiKeys";
import { OidcIdentities } from "./OidcIdentities";
import { Permissions } from "./Permissions";
import type { PersonSearch } from "./search";
import { TeamsOf } from "./TeamsOf";
import { UserDangers } from "./UserDangers";
import { UserForm } from "./UserForm";
import { WhyMay } from "./WhyMay";

/** Somebody: who they are, what they may do and why, and their keys. */
export function UserPage() {
  const { user: id = "" } = useParams({ strict: false }) as { user?: string };
  const search = useSearch({ strict: false }) as PersonSearch;
  const user = useSuspenseQuery(reading("other", "/api/users/{id}", { path: { id } })).data;
  const edits = useMay("UserEdit", "") === true || user.IsRequestor === true;
  const to = `/configuration/users/${id}`;
  const tab = search.tab ?? "who";
  const tabs: [string, string][] = [
    ["who", t("Who they are")],
    ["permissions", t("What they may do")],
    ["why", t("Why may they?")],
    ...(edits ? ([["keys", t("API keys")]] as [string, string][]) : []),
    ...(user.IsService ? ([["tokens", t("Pipelines")]] as [string, string][]) : []),
  ];
  return (
    <Page
      title={user.DisplayName || user.Username}
      crumbs={[{ text: t("Users"), to: "/configuration/users" }]}
      about={[user.IsService ? t("Service account") : t("Person"), user.Username, user.EmailAddress]
        .filter(Boolean)
        .join(" · ")}
    >
      {user.IsActive === false && (
        <Alert color="gray" role="status">
          {t("This account is disabled: it can neither sign in nor use its keys.")}
        </Alert>
      )}
      <LinkTabs
        label={t("Parts of the account")}
        tabs={tabs.map(([name, text]) => ({
          text,
          to,
          search: name === "who" ? {} : { tab: name },
          current: tab === name,
        }))}
      />
      {tab === "who" && (
        <>
          <UserForm user={user} />
          <TeamsOf id={user.Id ?? id} />
          <UserDangers user={user} />
        </>
      )}
      {tab === "permissions" && <Permissions id={user.Id ?? id} to={to} search={search} />}
      {tab === "why" && <WhyMay user={user} to={to} search={search} />}
      {tab === "keys" && edits && <ApiKeys user={user} />}
      {tab === "tokens" && user.IsService && <OidcIdentities account={user.Id ?? id} />}
    </Page>
  );
}
