/** Something a question may be answered with. */
export interface Referred {
  value: string;
  label: string;
}

const ACCOUNT_TYPES: Record<string, readonly string[]> = {
  AmazonWebServicesAccount: ["AmazonWebServicesAccount", "AmazonWebServicesOidcAccount"],
  AzureAccount: ["AzureServicePrincipal", "AzureSubscription", "AzureOidc"],
  GoogleCloudAccount: ["GoogleCloudAccount", "GoogleCloudOidcAccount"],
  UsernamePasswordAccount: ["UsernamePassword"],
  GenericOidcAccount: ["GenericOidcAccount"],
  TokenAccount: ["Token"],
  SshKeyPairAccount: ["SshKeyPair"],
};

/** Whether an answer to a question of this control is an account. */
export const isAccount = (kind: string): boolean => kind in ACCOUNT_TYPES;

/** Whether an answer to a question of this control is the id of something that can be listed. */
export const isListed = (kind: string): boolean =>
  isAccount(kind) || ["Certificate", "WorkerPool", "StepName"].includes(kind);

export interface Named {
  Id: string;
  Name: string;
}

/** Of accounts those a control takes, by name. */
export const accountsFor = (kind: string, all: readonly (Named & { AccountType: string })[]): Named[] =>
  all.filter((each) => ACCOUNT_TYPES[kind]?.includes(each.AccountType));

/** Choices by name, with the answer that is there even if it is none of them: an expression, or what is gone. */
export function referred(found: readonly Named[], value: string): Referred[] {
  const choices = found
    .map(({ Id, Name }) => ({ value: Id, label: Name }))
    .sort((a, b) => a.label.localeCompare(b.label));
  return !value || choices.some((each) => each.value === value)
    ? choices
    : [...choices, { value, label: value }];
}
