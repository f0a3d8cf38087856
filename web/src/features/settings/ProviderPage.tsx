import { Alert, Code, List, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { post, put, remove } from "../../api/client";
import { reading, stale, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { useEditing } from "../../parts/editing";
import { Form } from "../../parts/Form";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Refused } from "../../parts/Refused";
import { SaveBar } from "../../parts/SaveBar";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { WhyButton } from "../../parts/WhyButton";
import { useMissing } from "../../shell/missing";
import { duration, t } from "../../text";
import { FRESH_LDAP, LdapFields } from "./LdapFields";
import { FRESH_OIDC, OidcFields } from "./OidcFields";

const LIST = "/api/gurita/identity-providers";
const PLACE = "/api/gurita/identity-providers/{id}";

type Provider = Schema["IdentityProvider"];

/** An identity provider: OpenID Connect or LDAP, with a test of what is saved. */
export function ProviderPage() {
  const { provider: id = "" } = useParams({ strict: false }) as { provider?: string };
  const { kind } = useSearch({ strict: false }) as { kind?: string };
  const { data, error } = useQuery({ ...reading("other", PLACE, { path: { id } }), enabled: id !== "new" });
  if (error && !data) return <Refused error={error} />;
  if (id === "new") return <Editor key={kind ?? "oidc"} provider={fresh(kind === "ldap")} />;
  return data ? <Editor key={data.Id} provider={data} /> : <Loading />;
}

const fresh = (ldap: boolean): Provider =>
  ({
    Name: "",
    IsEnabled: true,
    AllowAutoUserCreation: false,
    OpenIdConnect: ldap ? null : FRESH_OIDC,
    Ldap: ldap ? FRESH_LDAP : null,
  }) as unknown as Provider;

function Editor({ provider }: { provider: Provider }) {
  const fields = ["Name", ...Object.keys(provider.Ldap ?? provider.OpenIdConnect ?? {})];
  const { draft, set, dirty, reset, moved, saving, save, isNew } = useEditing(provider, fields, {
    make: (body) => post(LIST, { body }),
    change: (id, body) => put(PLACE, { path: { id }, body }),
    pageOf: (id) => `/configuration/providers/${id}`,
  });
  const why = useMissing("ConfigureServer");
  const text = textFields(draft, set, saving, Boolean(why));
  const testing = useTest(provider);
  return (
    <Page
      title={
        isNew ? (provider.Ldap ? t("New LDAP directory") : t("New OpenID Connect provider")) : provider.Name
      }
      crumbs={[{ text: t("Identity providers"), to: "/configuration/settings/providers" }]}
      actions={!isNew && <Actions provider={provider} why={why} testing={testing} />}
    >
      <Outcome testing={testing} />
      <Form saving={saving} onSend={save} maw="44rem">
        <Section title={t("Provider")}>
          <Stack>
            <TextInput
              label={t("Name")}
              description={t("What the button on the sign-in page says.")}
              required
              {...text("Name")}
            />
            <Switch
              label={t("On")}
              checked={draft.IsEnabled ?? true}
              onChange={(event) => set({ IsEnabled: event.currentTarget.checked })}
              disabled={Boolean(why)}
            />
            <Switch
              label={t("Let anybody in whom the provider knows")}
              description={t("Who is not known here becomes a new user, in no team but Everyone.")}
              checked={draft.AllowAutoUserCreation ?? false}
              onChange={(event) => set({ AllowAutoUserCreation: event.currentTarget.checked })}
              disabled={Boolean(why)}
            />
            {typeof provider.CallbackUrl === "string" && provider.CallbackUrl && (
              <Text fz="sm">
                {t("Address to name at the provider (redirect URI):")} <Code>{provider.CallbackUrl}</Code>
              </Text>
            )}
          </Stack>
        </Section>
        {draft.OpenIdConnect && (
          <OidcFields
            value={draft.OpenIdConnect}
            onChange={(OpenIdConnect) => set({ OpenIdConnect })}
            errorOf={saving.errorOf}
            readOnly={Boolean(why)}
          />
        )}
        {draft.Ldap && (
          <LdapFields
            value={draft.Ldap}
            onChange={(Ldap) => set({ Ldap })}
            errorOf={saving.errorOf}
            readOnly={Boolean(why)}
          />
        )}
        <SaveBar
          dirty={dirty}
          busy={saving.busy}
          why={why}
          onReset={reset}
          moved={moved}
          action={isNew ? t("Add the provider") : t("Save")}
          request={() => ({
            method: isNew ? "POST" : "PUT",
            template: isNew ? LIST : PLACE,
            path: { id: provider.Id ?? "" },
            body: withoutSecrets(draft),
          })}
        />
      </Form>
    </Page>
  );
}

function withoutSecrets(provider: Provider): unknown {
  const { OpenIdConnect: oidc, Ldap: ldap } = provider;
  const kept = { HasValue: true, NewValue: null };
  return {
    ...provider,
    OpenIdConnect: oidc && { ...oidc, ClientSecret: kept },
    Ldap: ldap && { ...ldap, BindPassword: kept },
  };
}

/** Tests what is saved, and keeps what came of it. */
function useTest(provider: Provider) {
  const saving = useSaving();
  const [result, setResult] = useState<Schema["ProviderTest"]>();
  const path = { id: provider.Id ?? "" };
  const test = () =>
    saving.run(async () => setResult(await post("/api/gurita/identity-providers/{id}/test", { path })));
  return { saving, result, test };
}

interface ActionsProps {
  provider: Provider;
  why: string | undefined;
  testing: ReturnType<typeof useTest>;
}

function Actions({ provider, why, testing }: ActionsProps) {
  const navigate = useNavigate();
  const drop = async () => {
    await remove(PLACE, { path: { id: provider.Id ?? "" } });
    stale("other");
    await navigate({ to: "/configuration/settings/$section", params: { section: "providers" } });
  };
  return (
    <>
      <WhyButton
        variant="default"
        loading={testing.saving.busy}
        onClick={() => void testing.test()}
        why={why}
      >
        {t("Test what is saved")}
      </WhyButton>
      <Destroy
        action={t("Delete the provider")}
        name={provider.Name}
        effect={t(
          "People who sign in with it only cannot sign in any more, and what its groups gave is gone.",
        )}
        onConfirm={drop}
        why={why}
      />
    </>
  );
}

function Outcome({ testing: { saving, result } }: Pick<ActionsProps, "testing">) {
  return (
    <>
      <Refused error={saving.error} />
      {result && (
        <Alert
          maw="44rem"
          role="status"
          color={result.IsSuccessful ? "green" : "red"}
          title={
            result.IsSuccessful
              ? t("It answers, in {{time}}", { time: duration(result.Milliseconds) })
              : t("It does not work yet")
          }
          styles={{
            title: { color: result.IsSuccessful ? "var(--state-success)" : "var(--state-failed)" },
            message: { color: "var(--mantine-color-text)" },
          }}
        >
          <List size="sm">
            {result.Messages.map((message) => (
              <List.Item key={message}>{message}</List.Item>
            ))}
          </List>
        </Alert>
      )}
    </>
  );
}
