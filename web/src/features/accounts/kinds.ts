import type { Schema } from "../../api/types";
import type { Message } from "../../text";

export type Account =
  | Schema["SshKeyPairAccount"]
  | Schema["UsernamePasswordAccount"]
  | Schema["TokenAccount"]
  | Schema["AwsAccount"]
  | Schema["AwsOidcAccount"]
  | Schema["AzurePrincipalAccount"]
  | Schema["AzureSubscriptionAccount"]
  | Schema["AzureOidcAccount"]
  | Schema["GoogleAccount"]
  | Schema["GoogleOidcAccount"]
  | Schema["GenericOidcAccount"]
  | Schema["NoAccount"];

export type AccountType = Account["AccountType"];

export interface Field {
  /** The member of the API. */
  name: string;
  label: Message;
  help?: Message;
  /** A secret of one line, of several (also from a file), one that is a file in base64, a list, or a plain text. */
  as: "text" | "secret" | "secretText" | "secretFile" | "list" | "azure";
  /** What a file chooser offers. */
  accept?: string;
}

interface Kind {
  label: Message;
  about: Message;
  fields: readonly Field[];
}

const AZURE: readonly Field[] = [
  { name: "SubscriptionNumber", label: "Subscription id", as: "text" },
  { name: "TenantId", label: "Tenant id", as: "text" },
  { name: "ClientId", label: "Application (client) id", as: "text" },
];
const CLOUD: Field = { name: "AzureEnvironment", label: "Cloud", as: "azure" };
const AUDIENCE: Field = { name: "Audience", label: "Audience", as: "text", help: "For whom the token is." };
const SUBJECTS: Field = {
  name: "DeploymentSubjectKeys",
  label: "Subject of deployments",
  as: "list",
  help: "Of what the token's subject is made: space, environment, project, account, type.",
};

/** Every kind of account: what it is for, and its fields. */
export const KINDS: Record<Exclude<AccountType, "None">, Kind> = {
  SshKeyPair: {
    label: "SSH key pair",
    about: "A user name and a private key, to sign in to hosts over SSH.",
    fields: [
      { name: "Username", label: "User name", as: "text", help: "Who the server signs in as on the host." },
      {
        name: "PrivateKeyFile",
        label: "Private key",
        as: "secretText",
        help: "Its whole text, PEM or OpenSSH, from BEGIN to END.",
      },
      { name: "PrivateKeyPassphrase", label: "Passphrase of the key", as: "secret", help: "If it has one." },
    ],
  },
  UsernamePassword: {
    label: "User name and password",
    about: "For SSH hosts without keys, feeds, and steps that sign in.",
    fields: [
      { name: "Username", label: "User name", as: "text" },
      { name: "Password", label: "Password", as: "secret" },
    ],
  },
  Token: {
    label: "Token",
    about: "One secret text, such as a token of an API.",
    fields: [{ name: "Token", label: "Token", as: "secret" }],
  },
  AmazonWebServicesAccount: {
    label: "AWS access key",
    about: "An access key of Amazon Web Services.",
    fields: [
      { name: "AccessKey", label: "Access key", as: "text" },
      { name: "SecretKey", label: "Secret key", as: "secret" },
      { name: "Region", label: "Region", as: "text", help: "Used where a step names none." },
    ],
  },
  AmazonWebServicesOidcAccount: {
    label: "AWS role, without a secret",
    about: "A role of AWS, taken with a token this server issues (OpenID Connect).",
    fields: [
      { name: "RoleArn", label: "ARN of the role", as: "text" },
      { name: "SessionDuration", label: "Length of a session, in seconds", as: "text" },
      { name: "Region", label: "Region", as: "text" },
      AUDIENCE,
      SUBJECTS,
    ],
  },
  AzureServicePrincipal: {
    label: "Azure service principal",
    about: "An application of Azure, with its password.",
    fields: [...AZURE, { name: "Password", label: "Client secret", as: "secret" }, CLOUD],
  },
  AzureOidc: {
    label: "Azure application, without a secret",
    about: "An application of Azure with a federated credential, taken with a token this server issues.",
    fields: [...AZURE, AUDIENCE, SUBJECTS, CLOUD],
  },
  AzureSubscription: {
    label: "Azure management certificate",
    about: "A subscription of Azure, with the older management certificate.",
    fields: [
      { name: "SubscriptionNumber", label: "Subscription id", as: "text" },
      { name: "CertificateBytes", label: "Certificate (PFX)", as: "secretFile", accept: ".pfx,.p12" },
      CLOUD,
    ],
  },
  GoogleCloudAccount: {
    label: "Google Cloud service account",
    about: "A service account, with its key.",
    fields: [{ name: "JsonKey", label: "Key (JSON)", as: "secretFile", accept: ".json,application/json" }],
  },
  GoogleCloudOidcAccount: {
    label: "Google Cloud identity, without a secret",
    about: "A workload identity, taken with a token this server issues.",
    fields: [AUDIENCE, SUBJECTS],
  },
  GenericOidcAccount: {
    label: "Other identity, without a secret",
    about: "Anything else that takes a token this server issues (OpenID Connect).",
    fields: [AUDIENCE, SUBJECTS],
  },
};

/** The kinds, in the order they are offered. */
export const TYPES = Object.keys(KINDS) as (keyof typeof KINDS)[];

/** A kind in words. */
export const kindOf = (type: string): Message => KINDS[type as keyof typeof KINDS]?.label ?? type;

/** The form of an account: members of its kind by name. */
export type AccountDraft = { AccountType: string; Name: string } & Record<string, unknown>;

/** A new account of a kind, every member empty. */
export function fresh(type: keyof typeof KINDS): AccountDraft {
  const form: AccountDraft = { AccountType: type, Name: "", Description: "", EnvironmentIds: [] };
  for (const field of KINDS[type].fields)
    form[field.name] = field.as.startsWith("secret") ? { HasValue: false } : field.as === "list" ? [] : "";
  if (type === "AmazonWebServicesOidcAccount") form.SessionDuration = "3600";
  return form;
}

/** The names of the API a refusal may speak of. */
export const fieldsOf = (type: string): string[] => [
  "Name",
  "Description",
  "EnvironmentIds",
  ...(KINDS[type as keyof typeof KINDS]?.fields ?? []).map((field) => field.name),
];

/** The secrets of an account and whether each is set; never more than that. */
export function secretsOf(account: object): readonly (readonly [Message, boolean])[] {
  const type = (account as { AccountType: string }).AccountType;
  return (KINDS[type as keyof typeof KINDS]?.fields ?? [])
    .filter((field) => field.as.startsWith("secret"))
    .map((field) => {
      const value = (account as Record<string, unknown>)[field.name] as Schema["SensitiveValue"] | undefined;
      return [field.label, value?.HasValue === true] as const;
    });
}
