import { describe, expect, it } from "vitest";
import { fieldsOf, fresh, KINDS, kindOf, secretsOf, TYPES } from "./kinds";

describe("the kinds of accounts", () => {
  it("all begin empty, with secrets that are not set", () => {
    for (const type of TYPES) {
      const form = fresh(type);
      expect(form.AccountType).toBe(type);
      expect(secretsOf(form).every(([, set]) => !set)).toBe(true);
      for (const field of KINDS[type].fields) expect(form[field.name]).toBeDefined();
    }
  });

  it("say which secrets are set, and nothing of what they are", () => {
    const form = { ...fresh("SshKeyPair"), PrivateKeyFile: { HasValue: true, NewValue: null } };
    expect(secretsOf(form)).toEqual([
      ["Private key", true],
      ["Passphrase of the key", false],
    ]);
  });

  it("name the members a refusal may speak of", () => {
    expect(fieldsOf("Token")).toEqual(["Name", "Description", "EnvironmentIds", "Token"]);
    expect(kindOf("SomethingNew")).toBe("SomethingNew");
  });
});
