import { NumberInput, Select, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import type { Schema } from "../../api/types";
import { SecretInput } from "../../parts/SecretInput";
import { Section } from "../../parts/Section";
import { t } from "../../text";

type Ldap = NonNullable<Schema["Ldap"]>;

/** What a new directory begins with: the API's defaults. */
export const FRESH_LDAP = {
  Host: "",
  Port: 636,
  Security: "Tls",
  CaCertificates: "",
  BindDn: "",
  BindPassword: { HasValue: false, NewValue: null, Hint: null },
  UserBase: "",
  UserFilter: "(&(objectClass=person)(uid={username}))",
  SubjectAttribute: "entryUUID",
  UsernameAttribute: "uid",
  DisplayNameAttribute: "cn",
  EmailAttribute: "mail",
  MemberOfAttribute: "memberOf",
  GroupBase: "",
  GroupFilter: "(member={dn})",
  GroupNameAttribute: "cn",
  GroupPrefix: "",
  TimeoutSeconds: 10,
};

interface Props {
  value: Ldap;
  onChange: (value: Ldap) => void;
  errorOf: (field: string) => string | undefined;
  readOnly: boolean;
}

/** Where a directory is, whom it is asked about, and how it says so. */
export function LdapFields({ value, onChange, errorOf, readOnly }: Props) {
  const text = (name: keyof Ldap & string) => ({
    value: String(value[name] ?? ""),
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...value, [name]: event.currentTarget.value }),
    error: errorOf(name),
    readOnly,
    autoComplete: "off",
  });
  const amount = (name: "Port" | "TimeoutSeconds", usual: number) => ({
    value: value[name] ?? usual,
    onChange: (given: string | number) => onChange({ ...value, [name]: Number(given) || usual }),
    error: errorOf(name),
    readOnly,
  });
  return (
    <>
      <Section title={t("Directory")}>
        <Stack>
          <SimpleGrid cols={{ base: 1, xs: 3 }}>
            <TextInput label={t("Host")} required {...text("Host")} />
            <NumberInput label={t("Port")} min={1} max={65535} {...amount("Port", 636)} />
            <Select
              label={t("Encryption")}
              data={[
                { value: "Tls", label: t("From the start") },
                { value: "StartTls", label: "STARTTLS" },
                { value: "None", label: t("None") },
              ]}
              value={value.Security ?? "Tls"}
              onChange={(Security) =>
                onChange({ ...value, Security: (Security ?? "Tls") as Ldap["Security"] })
              }
              allowDeselect={false}
              readOnly={readOnly}
              error={errorOf("Security")}
            />
          </SimpleGrid>
          <TextInput
            label={t("Sign in as (DN)")}
            description={t("Who searches. Empty searches anonymously.")}
            {...text("BindDn")}
          />
          <SecretInput
            label={t("Its password")}
            value={value.BindPassword}
            onChange={(BindPassword) => onChange({ ...value, BindPassword })}
            error={errorOf("BindPassword")}
            readOnly={readOnly}
          />
          <Textarea
            label={t("Further certificate authorities (PEM)")}
            autosize
            minRows={2}
            maxRows={8}
            {...text("CaCertificates")}
          />
          <NumberInput
            label={t("Patience (seconds)")}
            description={t("For the whole of a sign-in.")}
            min={1}
            max={60}
            maw="12rem"
            {...amount("TimeoutSeconds", 10)}
          />
        </Stack>
      </Section>
      <Section title={t("People")}>
        <Stack>
          <TextInput label={t("Search below (DN)")} required {...text("UserBase")} />
          <TextInput
            label={t("Filter")}
            description={t("{username} is what was typed.")}
            {...text("UserFilter")}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput label={t("Attribute that identifies")} {...text("SubjectAttribute")} />
            <TextInput label={t("Attribute of the user name")} {...text("UsernameAttribute")} />
            <TextInput label={t("Attribute of the display name")} {...text("DisplayNameAttribute")} />
            <TextInput label={t("Attribute of the e-mail")} {...text("EmailAttribute")} />
          </SimpleGrid>
        </Stack>
      </Section>
      <Section
        title={t("Groups")}
        about={t("With a place to search they are searched; else the attribute is read.")}
      >
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label={t("Attribute with a person's groups")} {...text("MemberOfAttribute")} />
          <TextInput label={t("Search groups below (DN)")} {...text("GroupBase")} />
          <TextInput label={t("Filter of groups")} {...text("GroupFilter")} />
          <TextInput label={t("Attribute of a group's name")} {...text("GroupNameAttribute")} />
          <TextInput label={t("Prefix of groups")} {...text("GroupPrefix")} />
        </SimpleGrid>
      </Section>
    </>
  );
}
