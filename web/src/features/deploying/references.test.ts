import { describe, expect, it } from "vitest";
import { accountsFor, isListed, referred } from "./references";

const account = (Id: string, AccountType: string) => ({ Id, Name: `the ${Id}`, AccountType });

describe("what a question may be answered with", () => {
  it("is listed for accounts, certificates, pools and steps, and typed for all else", () => {
    expect(["SshKeyPairAccount", "Certificate", "WorkerPool", "StepName"].every(isListed)).toBe(true);
    expect(["Package", "Custom", "SingleLineText"].some(isListed)).toBe(false);
  });

  it("is an account of the types its control takes", () => {
    const all = [account("a", "AzureOidc"), account("b", "Token"), account("c", "AzureSubscription")];
    expect(accountsFor("AzureAccount", all).map((each) => each.Id)).toEqual(["a", "c"]);
    expect(accountsFor("Certificate", all)).toEqual([]);
  });

  it("is sorted by name, and keeps an answer that is none of the list", () => {
    const all = [
      { Id: "2", Name: "b" },
      { Id: "1", Name: "a" },
    ];
    expect(referred(all, "2").map((each) => each.label)).toEqual(["a", "b"]);
    expect(referred(all, "#{Which}").at(-1)).toEqual({ value: "#{Which}", label: "#{Which}" });
  });
});
