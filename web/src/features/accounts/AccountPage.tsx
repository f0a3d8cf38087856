import { Anchor, Code, List, Text, Textarea, TextInput } from "@mantine/core";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { address, put, remove, send } from "../../api/client";
import { reading, stale, useQuery, useSuspenseQuery } from "../../api/queries";
import { Destroy } from "../../parts/Destroy";
import { useDraft } from "../../parts/draft";
import { Form } from "../../parts/Form";
import { Page } from "../../parts/Page";
import { choicesOf, PickMany } from "../../parts/PickMany";
import { SaveBar } from "../../parts/SaveBar";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { AccountFields } from "./AccountFields";
import { type AccountDraft, fieldsOf, kindOf } from "./kinds";
import { type Use, usesOf } from "./uses";

/** An account: its fields, who uses it, and its end. */
export function AccountPage() {
  const spaceId = useSpaceId();
  const { account: id = "" } = useParams({ strict: false });
  const navigate = useNavigate();
  const account = useSuspenseQuery(
    reading("other", "/api/{spaceId}/accounts/{id}", { path: { spaceId, id } }),
  ).data;
  const list = `/${spaceId}/infrastructure/accounts`;
  const mayDelete = useMay("AccountDelete", spaceId) !== false;
  return (
    <Page
      title={account.Name}
      about={t(kindOf(account.AccountType))}
      crumbs={[{ text: t("Accounts"), to: list }]}
      actions={
        mayDelete && (
          <Destroy
            action={t("Delete {{name}}", { name: account.Name })}
            name={account.Name}
            effect={t(
              "Its secrets are gone for good. What still uses it is named, and keeps it from being deleted.",
            )}
            onConfirm={async () => {
              await remove("/api/{spaceId}/accounts/{id}", { path: { spaceId, id: account.Id } });
              await navigate({ to: list, replace: true });
              stale("other");
            }}
          />
        )
      }
    >
      <Settings spaceId={spaceId} account={account as unknown as AccountDraft & { Id: string }} />
      {account.AccountType === "SshKeyPair" && <PublicKey spaceId={spaceId} id={account.Id} />}
      <Usages spaceId={spaceId} id={account.Id} />
    </Page>
  );
}

function Settings({ spaceId, account }: { spaceId: string; account: AccountDraft & { Id: string } }) {
  const { draft, set, dirty, reset, settle, moved } = useDraft(account);
  const saving = useSaving(fieldsOf(account.AccountType));
  const may = useMay("AccountEdit", spaceId) !== false;
  const environments = useQuery(
    reading("environment", "/api/{spaceId}/environments/all", { path: { spaceId } }),
  ).data;
  const path = { spaceId, id: account.Id };
  const submit = async () => {
    await saving.run(
      async () =>
        settle((await put("/api/{spaceId}/accounts/{id}", { path, body: draft as never })) as never),
      t("{{name}} was saved", { name: draft.Name }),
    );
    stale("other");
  };
  const text = textFields(draft, set, saving, !may);
  return (
    <Section title={t("Settings")}>
      <Form saving={saving} onSend={submit} gap="sm" maw="40rem">
        <TextInput label={t("Name")} {...text("Name")} />
        <Textarea
          label={t("Description")}
          autosize
          minRows={1}
          value={String(draft.Description ?? "")}
          onChange={(event) => set({ Description: event.currentTarget.value })}
          error={saving.errorOf("Description")}
          readOnly={!may}
        />
        <AccountFields form={draft} set={set} errorOf={saving.errorOf} readOnly={!may} />
        <PickMany
          label={t("Environments it may be used in")}
          value={(draft.EnvironmentIds as string[]) ?? []}
          onChange={(EnvironmentIds) => set({ EnvironmentIds })}
          choices={choicesOf(environments)}
          none={t("All environments")}
          error={saving.errorOf("EnvironmentIds")}
          readOnly={!may}
        />
        {may && <SaveBar dirty={dirty} busy={saving.busy} onReset={reset} moved={moved} />}
      </Form>
    </Section>
  );
}

function PublicKey({ spaceId, id }: { spaceId: string; id: string }) {
  const line = useQuery({
    queryKey: [["other"], "public key", spaceId, id],
    queryFn: async () => (await send(address("/api/{spaceId}/accounts/{id}/pk", { spaceId, id }))).text(),
  }).data;
  if (!line) return null;
  return (
    <Section
      title={t("Public key")}
      about={t("The line for ~/.ssh/authorized_keys of the user on each host.")}
    >
      <Code block tabIndex={0} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {line.trim()}
      </Code>
    </Section>
  );
}

function Usages({ spaceId, id }: { spaceId: string; id: string }) {
  const told = useQuery(
    reading(["machine", "project", "other"], "/api/{spaceId}/accounts/{id}/usages", {
      path: { spaceId, id },
    }),
  ).data;
  if (!told) return null;
  const uses = usesOf(spaceId, told);
  return (
    <Section title={t("Used by")} about={t("As long as something uses it, it cannot be deleted.")}>
      {uses.length === 0 ? (
        <Text c="dimmed">{t("Nothing uses it.")}</Text>
      ) : (
        <List size="sm">
          {uses.map((use: Use) => (
            <List.Item key={use.key}>
              {use.to ? (
                <Anchor component={Link} to={use.to}>
                  {use.name}
                </Anchor>
              ) : (
                use.name
              )}{" "}
              <Text span c="dimmed" fz="sm">
                {t(use.what)}
              </Text>
            </List.Item>
          ))}
        </List>
      )}
    </Section>
  );
}
