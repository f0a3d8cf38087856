import { describe, expect, it } from "vitest";
import type { Schema } from "../../api/types";
import { type Change, keyOf, otherMembers, scopeText, shownValue, takeBody } from "./takingValues";

const state = (
  Value: string | null,
  more: Partial<Schema["VariableState"]> = {},
): Schema["VariableState"] => ({
  Name: "Url",
  Value,
  Type: "String",
  IsSensitive: false,
  IsPrompted: false,
  Scope: {},
  ...more,
});

const change = (id: string, more: Partial<Change> = {}): Change => ({
  SetId: "variableset-Projects-1",
  SetName: "Shop",
  VariableId: id,
  Name: id,
  Change: "Changed",
  Members: ["Value"],
  Before: state("old"),
  After: state("new"),
  ...more,
});

describe("values taken one by one", () => {
  it("are told apart by their sets, and asked for with the digest that was looked at", () => {
    const one = change("a");
    const other = change("a", { SetId: "variableset-LibraryVariableSets-1" });
    const found = { ReleaseId: "Releases-1", Digest: "d", Changes: [one, other], Hidden: 0, Other: false };
    const gone = keyOf(change("gone"));
    expect(takeBody(found, new Set([keyOf(other), gone]), true)).toEqual({
      Digest: "d",
      Take: [{ SetId: "variableset-LibraryVariableSets-1", VariableId: "a" }],
      TakeHidden: true,
    });
  });

  it("are shown as text, or with why there is none", () => {
    expect(shownValue(state("x"))).toEqual({ text: "x", quiet: false });
    expect(shownValue(null)).toEqual({ text: "not there", quiet: true });
    expect(shownValue(state(""))).toEqual({ text: "empty", quiet: true });
    expect(shownValue(state(null, { IsSensitive: true })).text).toBe("a secret");
  });

  it("name their scope, and what differs besides the value", () => {
    expect(scopeText(state("x", { Scope: { Environment: ["Dev", "Test"], Role: ["web"] } }))).toBe(
      "Dev, Test, web",
    );
    expect(scopeText(null)).toBe("");
    expect(otherMembers(change("a", { Members: ["Value", "Scope", "Description"] }))).toEqual([
      "scope",
      "description",
    ]);
  });
});
