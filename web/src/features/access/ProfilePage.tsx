import { Alert, Group, List, PasswordInput, Text } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { post, put } from "../../api/client";
import { stale, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { Form } from "../../parts/Form";
import { LinkTabs } from "../../parts/LinkTabs";
import { Page } from "../../parts/Page";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { spaces, useMe } from "../../shell/session";
import { t } from "../../text";
import { ApiKeys } from "./ApiKeys";
import { Permissions } from "./Permissions";
import type { PersonSearch } from "./search";
import { TeamsOf } from "./TeamsOf";
import { UserDangers } from "./UserDangers";
import { UserForm } from "./UserForm";
import { WhyMay } from "./WhyMay";

const TABS = [
  ["who", "You"],
  ["keys", "API keys"],
  ["permissions", "What you may do"],
  ["why", "Why may you?"],
] as const;

/** One's own page: name, password, keys, and what one may do. */
export function ProfilePage() {
  const user = useMe();
  const search = useSearch({ strict: false }) as PersonSearch;
  const tab = search.tab ?? "who";
  const nowhere = useSuspenseQuery(spaces()).data.length === 0;
  return (
    <Page title={t("Profile")} about={user.Username}>
      {nowhere && (
        <Alert role="status" title={t("You are signed in, and in no space yet")}>
          {t(
            "A team lets you in. Ask somebody who manages teams to add you, or a group you bring along from your company's account; then load this page again.",
          )}
        </Alert>
      )}
      <LinkTabs
        label={t("Parts of your profile")}
        tabs={TABS.map(([name, text]) => ({
          text: t(text),
          to: "/profile",
          search: name === "who" ? {} : { tab: name },
          current: tab === name,
        }))}
      />
      {tab === "who" && (
        <>
          <UserForm user={user} own />
          {user.CanPasswordBeEdited && <Password />}
          <Identities user={user} />
          <TeamsOf id={user.Id ?? ""} />
          <UserDangers user={user} own />
        </>
      )}
      {tab === "keys" && <ApiKeys user={user} />}
      {tab === "permissions" && <Permissions id={user.Id ?? ""} to="/profile" search={search} />}
      {tab === "why" && <WhyMay user={user} to="/profile" search={search} />}
    </Page>
  );
}

function Password() {
  const [CurrentPassword, setCurrent] = useState("");
  const [NewPassword, setNew] = useState("");
  const saving = useSaving(["CurrentPassword", "NewPassword", "Password"]);
  const change = async () => {
    const done = await saving.run(
      () => post("/api/gurita/password", { body: { CurrentPassword, NewPassword } }),
      t("Your password was changed, and your other sessions ended"),
    );
    if (!done) return;
    setCurrent("");
    setNew("");
  };
  return (
    <Section title={t("Password")} about={t("Changing it ends your sessions in other browsers.")}>
      <Form saving={saving} onSend={change} maw="30rem">
        <PasswordInput
          label={t("Present password")}
          value={CurrentPassword}
          onChange={(event) => setCurrent(event.currentTarget.value)}
          autoComplete="current-password"
          error={saving.errorOf("CurrentPassword")}
        />
        <PasswordInput
          label={t("New password")}
          description={t("At least 8 characters, and none of those that are guessed first.")}
          value={NewPassword}
          onChange={(event) => setNew(event.currentTarget.value)}
          autoComplete="new-password"
          error={saving.errorOf("NewPassword") ?? saving.errorOf("Password")}
        />
        <Group>
          <WhyButton
            type="submit"
            loading={saving.busy}
            why={CurrentPassword && NewPassword ? undefined : t("Both passwords are needed.")}
          >
            {t("Change the password")}
          </WhyButton>
        </Group>
      </Form>
    </Section>
  );
}

function Identities({ user }: { user: Schema["User"] }) {
  const linked = user.Identities ?? [];
  const unlink = async (one: Schema["Identity"]) => {
    const Identities = linked.filter((each) => each !== one);
    await put("/api/users/{id}", { path: { id: user.Id ?? "" }, body: { ...user, Identities } });
    stale("other");
  };
  return (
    <Section title={t("Linked accounts")} about={t("Accounts elsewhere you sign in with.")}>
      {linked.length === 0 ? (
        <Text c="dimmed">{t("None. The first sign-in with a provider links it.")}</Text>
      ) : (
        <List listStyleType="none" spacing="xs">
          {linked.map((one) => (
            <List.Item key={`${one.IdentityProviderName}${JSON.stringify(one.Claims)}`}>
              <Group gap="sm">
                <span>
                  {one.IdentityProviderName}{" "}
                  <Text span c="dimmed" fz="sm">
                    {one.Claims?.email?.Value ?? one.Claims?.sub?.Value}
                  </Text>
                </span>
                <Destroy
                  action={t("Unlink {{name}}", { name: one.IdentityProviderName })}
                  name={one.IdentityProviderName}
                  effect={t("You cannot sign in with it any more, and all your sessions end.")}
                  onConfirm={() => unlink(one)}
                />
              </Group>
            </List.Item>
          ))}
        </List>
      )}
    </Section>
  );
}
