import { reading, useQuery } from "../../api/queries";
import { useSpaceId } from "../../shell/space";
import { accountsFor, isAccount, type Named } from "./references";

/** What a question of this control may be answered with; nothing while it is not known, `refused` for who may not list it. */
export function useReferred(kind: string, steps: readonly string[]) {
  const path = { spaceId: useSpaceId() };
  const accounts = useQuery({
    ...reading("accounts", "/api/{spaceId}/accounts/all", { path }),
    enabled: isAccount(kind),
  });
  const certificates = useQuery({
    ...reading("certificates", "/api/{spaceId}/certificates/all", { path }),
    enabled: kind === "Certificate",
  });
  const pools = useQuery({
    ...reading("workerpools", "/api/{spaceId}/workerpools/all", { path }),
    enabled: kind === "WorkerPool",
  });
  if (kind === "StepName") return { found: steps.map((Name) => ({ Id: Name, Name })), refused: false };
  const { data, isError } = kind === "Certificate" ? certificates : kind === "WorkerPool" ? pools : accounts;
  const found: Named[] | undefined = isAccount(kind)
    ? accounts.data && accountsFor(kind, accounts.data)
    : data;
  return { found, refused: isError };
}
