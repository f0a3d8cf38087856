import { useMemo } from "react";
import { reading, useQuery } from "../../api/queries";
import { ACCOUNT_TYPES } from "./model";

/** A document a value may stand for. */
export interface Choice {
  id: string;
  name: string;
}

export type Choices = (type: string) => readonly Choice[];

const ACCOUNTS: Record<string, readonly string[]> = {
  AmazonWebServicesAccount: ["AmazonWebServicesAccount", "AmazonWebServicesOidcAccount"],
  AzureAccount: ["AzureServicePrincipal", "AzureSubscription", "AzureOidc"],
  GoogleCloudAccount: ["GoogleCloudAccount", "GoogleCloudOidcAccount"],
  UsernamePasswordAccount: ["UsernamePassword"],
  GenericOidcAccount: ["GenericOidcAccount"],
  TokenAccount: ["Token"],
  SshKeyPairAccount: ["SshKeyPair"],
};

const none: readonly Choice[] = [];

/** The accounts, certificates and worker pools values may stand for, by type; read once one of them is `wanted`. */
export function useChoices(spaceId: string, wanted: boolean): Choices {
  const path = { spaceId };
  const accounts = useQuery({
    ...reading("other", "/api/{spaceId}/accounts/all", { path }),
    enabled: wanted,
  }).data;
  const certificates = useQuery({
    ...reading("other", "/api/{spaceId}/certificates/all", { path }),
    enabled: wanted,
  }).data;
  const pools = useQuery({
    ...reading("other", "/api/{spaceId}/workerpools/all", { path }),
    enabled: wanted,
  }).data;
  return useMemo(() => {
    const plain = (items: unknown): readonly Choice[] =>
      ((items ?? []) as { Id: string; Name: string }[]).map((each) => ({ id: each.Id, name: each.Name }));
    return (type: string) => {
      if (type === "Certificate") return plain(certificates);
      if (type === "WorkerPool") return plain(pools);
      if (!(ACCOUNT_TYPES as readonly string[]).includes(type)) return none;
      const kinds = ACCOUNTS[type] ?? [];
      return plain(
        ((accounts ?? []) as { AccountType: string }[]).filter((each) => kinds.includes(each.AccountType)),
      );
    };
  }, [accounts, certificates, pools]);
}
