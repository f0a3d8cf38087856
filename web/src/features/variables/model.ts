import type { Schema } from "../../api/types";
import type { Message } from "../../text";

/** What a value may be limited to; every kind must match, any one thing of a kind is enough. */
export const SCOPE_KINDS = ["Environment", "Role", "Machine", "Action", "Channel", "ProcessOwner"] as const;

/** Kinds that are kept as they are, as long as nothing here edits them. */
type Kept = "Tenant" | "TenantTag";
export type ScopeKind = (typeof SCOPE_KINDS)[number];
export type Scope = Readonly<Partial<Record<ScopeKind | Kept, readonly string[]>>>;

/** Types whose value is the id of a document. */
export const ACCOUNT_TYPES = [
  "UsernamePasswordAccount",
  "AmazonWebServicesAccount",
  "AzureAccount",
  "GoogleCloudAccount",
  "GenericOidcAccount",
  "TokenAccount",
  "SshKeyPairAccount",
] as const;
export const TYPES = ["String", "Sensitive", ...ACCOUNT_TYPES, "Certificate", "WorkerPool"] as const;

/** How a deployment may ask for a value. */
export const CONTROLS = ["SingleLineText", "MultiLineText", "Select", "Checkbox", "Sensitive"] as const;

/** What people call a type. */
export const TYPE_WORDS: Record<string, Message> = {
  String: "Text",
  Sensitive: "Sensitive",
  Certificate: "Certificate",
  WorkerPool: "Worker pool",
  UsernamePasswordAccount: "Username and password account",
  AmazonWebServicesAccount: "AWS account",
  AzureAccount: "Azure account",
  GoogleCloudAccount: "Google Cloud account",
  GenericOidcAccount: "OpenID Connect account",
  TokenAccount: "Token account",
  SshKeyPairAccount: "SSH key pair account",
};

export interface Prompt {
  label: string;
  description: string;
  required: boolean;
  control: string;
  options: string;
}

/**
 * One value as it is edited.
 *
 * `value` of a sensitive one is null for "what the server holds", "" for none, and a text for a new one. `isSet` and `stamp`
 * are what the server says of what it holds.
 */
export interface Row {
  readonly id: string;
  readonly name: string;
  readonly value: string | null;
  readonly description: string;
  readonly type: string;
  readonly scope: Scope;
  readonly prompt: Prompt | null;
  readonly editable: boolean;
  readonly isSet?: boolean;
  readonly stamp?: string;
}

/** The parts of a row that somebody edits. */
export type Field = "name" | "value" | "description" | "type" | "scope" | "prompt";
export const FIELDS: readonly Field[] = ["name", "value", "description", "type", "scope", "prompt"];
export const FIELD_WORDS: Record<Field, Message> = {
  name: "Name",
  value: "Value",
  description: "Description",
  type: "Type",
  scope: "Scope",
  prompt: "Prompt",
};

/** Ids of rows the server has not seen begin so. */
export const NEW = "new-";
export const isNew = (row: Row): boolean => row.id.startsWith(NEW);
export const isSensitive = (row: Row): boolean => row.type === "Sensitive";
export const isReference = (type: string): boolean => type !== "String" && type !== "Sensitive";

let made = 0;

/** A new row, with an id no other has in this browser's tab. */
export function newRow(more: Partial<Omit<Row, "id">> = {}): Row {
  made += 1;
  const id = `${NEW}${Date.now().toString(36)}-${made}`;
  return {
    id,
    name: "",
    value: "",
    description: "",
    type: "String",
    scope: {},
    prompt: null,
    editable: true,
    ...more,
  };
}

const CONTROL = "Octopus.ControlType";
const OPTIONS = "Octopus.SelectOptions";

function promptOf(given: Schema["Prompt"] | null): Prompt | null {
  if (!given) return null;
  const settings = given.DisplaySettings ?? {};
  return {
    label: given.Label ?? "",
    description: given.Description ?? "",
    required: given.Required,
    control: settings[CONTROL] ?? "SingleLineText",
    options: settings[OPTIONS] ?? "",
  };
}

const EVERYWHERE: Scope = {};

function scopeOf(given: Schema["Variable"]["Scope"]): Scope {
  let none = true;
  for (const _ in given) none = false;
  if (none) return EVERYWHERE;
  const found: Record<string, readonly string[]> = {};
  for (const [kind, ids] of Object.entries(given ?? {})) if (ids && ids.length > 0) found[kind] = ids;
  return found as Scope;
}

/** The rows of a set as the server sent it, with what it says of secrets. */
export function rowsOf(
  set: Pick<Schema["VariableSet"], "Variables">,
  secrets: readonly Schema["VariableSecret"][] = [],
): readonly Row[] {
  const told = new Map(secrets.map((each) => [each.VariableId, each]));
  return set.Variables.map((each) => {
    const secret = told.get(each.Id);
    const row: Row = {
      id: each.Id,
      name: each.Name,
      value: each.Value === null ? (each.IsSensitive ? null : "") : String(each.Value),
      description: each.Description ?? "",
      type: each.IsSensitive ? "Sensitive" : (each.Type ?? "String"),
      scope: scopeOf(each.Scope),
      prompt: promptOf(each.Prompt),
      editable: each.IsEditable,
    };
    return secret ? { ...row, isSet: secret.IsSet, stamp: secret.Stamp } : row;
  });
}

function settingsOf(prompt: Prompt): Record<string, string> {
  const settings: Record<string, string> = { [CONTROL]: prompt.control };
  if (prompt.control === "Select") settings[OPTIONS] = prompt.options;
  return settings;
}

/** A row as the server takes it; a new one has no id yet. */
export function variableOf(row: Row): Schema["Variable"] {
  return {
    Id: isNew(row) ? "" : row.id,
    Name: row.name,
    Value: row.value,
    Description: row.description,
    Type: row.type,
    IsSensitive: isSensitive(row),
    IsEditable: row.editable,
    Scope: Object.fromEntries(Object.entries(row.scope).map(([kind, ids]) => [kind, [...(ids ?? [])]])),
    Prompt: row.prompt && {
      Label: row.prompt.label,
      Description: row.prompt.description,
      Required: row.prompt.required,
      DisplaySettings: settingsOf(row.prompt),
    },
  };
}

/** Whether two values of a field mean the same. */
export function sameField(field: Field, one: Row, other: Row): boolean {
  if (field === "scope") return sameScope(one.scope, other.scope);
  if (field === "prompt")
    return one.prompt === other.prompt || JSON.stringify(one.prompt) === JSON.stringify(other.prompt);
  return one[field] === other[field];
}

/** Whether two rows say the same in all that is edited. */
export const sameRow = (one: Row, other: Row): boolean =>
  one === other || FIELDS.every((field) => sameField(field, one, other));

/** Whether two scopes name the same things, in whatever order. */
export function sameScope(one: Scope, other: Scope): boolean {
  return one === other || scopeKey(one) === scopeKey(other);
}

/** A text that is the same for scopes that name the same. */
export function scopeKey(scope: Scope): string {
  const kinds = Object.entries(scope).filter(([, ids]) => ids && ids.length > 0);
  if (kinds.length === 0) return "";
  return kinds
    .map(
      ([kind, ids]) =>
        `${kind}=${[...(ids ?? [])]
          .map((id) => id.toLowerCase())
          .sort()
          .join(",")}`,
    )
    .sort()
    .join(";");
}

/** What a cell says in words, for copying and for screen readers; never a secret. */
export function valueText(row: Row): string {
  if (!isSensitive(row)) return row.value ?? "";
  return "";
}
