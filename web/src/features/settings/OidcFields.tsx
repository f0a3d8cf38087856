import { SimpleGrid, Stack, TagsInput, TextInput } from "@mantine/core";
import type { Schema } from "../../api/types";
import { SecretInput } from "../../parts/SecretInput";
import { Section } from "../../parts/Section";
import { t } from "../../text";

type Oidc = NonNullable<Schema["OpenIdConnect"]>;

/** What a new OpenID Connect provider begins with: the API's defaults. */
export const FRESH_OIDC = {
  Issuer: "",
  ClientId: "",
  ClientSecret: { HasValue: false, NewValue: null, Hint: null },
  Scopes: ["openid", "profile", "email"],
  UsernameClaim: "preferred_username",
  DisplayNameClaim: "name",
  EmailClaim: "email",
  GroupsClaim: "groups",
  GroupPrefix: "",
};

interface Props {
  value: Oidc;
  onChange: (value: Oidc) => void;
  errorOf: (field: string) => string | undefined;
  readOnly: boolean;
}

/** The client of an OpenID Connect issuer, and which claims say what. */
export function OidcFields({ value, onChange, errorOf, readOnly }: Props) {
  const text = (
    name:
      | "Issuer"
      | "ClientId"
      | "UsernameClaim"
      | "DisplayNameClaim"
      | "EmailClaim"
      | "GroupsClaim"
      | "GroupPrefix",
  ) => ({
    value: value[name] ?? "",
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...value, [name]: event.currentTarget.value }),
    error: errorOf(name),
    readOnly,
    autoComplete: "off",
  });
  return (
    <>
      <Section title={t("Client")}>
        <Stack>
          <TextInput
            label={t("Issuer")}
            description={t("Its address; /.well-known/openid-configuration is read below it.")}
            placeholder="https://login.example.com/realms/main"
            required
            {...text("Issuer")}
          />
          <TextInput label={t("Client id")} required {...text("ClientId")} />
          <SecretInput
            label={t("Client secret")}
            value={value.ClientSecret}
            onChange={(ClientSecret) => onChange({ ...value, ClientSecret })}
            error={errorOf("ClientSecret")}
            readOnly={readOnly}
          />
          <TagsInput
            label={t("Scopes")}
            value={value.Scopes ?? []}
            onChange={(Scopes) => onChange({ ...value, Scopes })}
            error={errorOf("Scopes")}
            readOnly={readOnly}
          />
        </Stack>
      </Section>
      <Section title={t("Claims")} about={t("Which claims say what. A claim may be a path with dots.")}>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label={t("User name")} {...text("UsernameClaim")} />
          <TextInput label={t("Display name")} {...text("DisplayNameClaim")} />
          <TextInput label={t("E-mail")} {...text("EmailClaim")} />
          <TextInput label={t("Groups")} description={t("Empty reads no groups.")} {...text("GroupsClaim")} />
          <TextInput
            label={t("Prefix of groups")}
            description={t("Stands before its groups in teams, so that they are not another provider's.")}
            {...text("GroupPrefix")}
          />
        </SimpleGrid>
      </Section>
    </>
  );
}
