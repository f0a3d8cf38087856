import { describe, expect, test } from "vitest";
import type { Schema } from "../../api/types";
import { broughtBack, bySave, historyOf, namesIn, patchOf, saidIn } from "./history";
import { newRow, type Scope } from "./model";

type Event = Schema["Event"];

const event = (id: string, ...Differences: unknown[]): Event =>
  ({
    Id: id,
    Occurred: "2026-01-01T00:00:00Z",
    Username: "ada",
    ChangeDetails: { DocumentContext: null, Differences },
  }) as unknown as Event;
const changed = (path: string, OldValue: unknown, Value: unknown) => ({
  Path: `/Variables/${path}`,
  Op: "replace",
  OldValue,
  Value,
});
const variable = (Id: string, more: object = {}) => ({
  Id,
  Name: `Name of ${Id}`,
  Value: "x",
  Description: "",
  Type: "String",
  Scope: {},
  IsEditable: true,
  IsSensitive: false,
  Prompt: null,
  ...more,
});
const row = {
  ...newRow({ name: "A", value: "new", scope: { Role: ["web"], Environment: ["e2"] } }),
  id: "v1",
};
const names = (scope: Scope) => Object.values(scope).flat().join("+");

describe("the history of a set", () => {
  test("is read from the differences of its saves, each part of each value for itself", () => {
    const steps = historyOf([
      event("e2", changed("v1/Value", "old", "new"), changed("v1/Scope/Environment", ["e1"], ["e2"])),
      event(
        "e1",
        changed("v1/SecretId", "s1", "s2"),
        changed("v2/Prompt/Label", "a", "b"),
        changed("v1/Odd", 1, 2),
      ),
    ]);
    expect(steps.map((each) => [each.event, each.row, each.kind, each.field])).toEqual([
      ["e2", "v1", "changed", "value"],
      ["e2", "v1", "changed", "scope"],
      ["e1", "v1", "secret", undefined],
      ["e1", "v2", "changed", "prompt"],
    ]);
    expect(bySave(steps).map(([id, each]) => [id, each.length])).toEqual([
      ["e2", 2],
      ["e1", 2],
    ]);
    expect(steps.map((each) => [saidIn(each, "before", names), saidIn(each, "after", names)])).toEqual([
      ["old", "new"],
      ["e1", "e2"],
      ["", ""],
      ["a", "b"],
    ]);
  });

  test("tells the first values of a set, and the last that go, one by one", () => {
    const list = (OldValue: unknown, Value: unknown) => event("e", { Path: "/Variables", OldValue, Value });
    const made = historyOf([list([], [variable("v1"), variable("v2")])]);
    expect(made.map((each) => [each.kind, each.row])).toEqual([
      ["made", "v1"],
      ["made", "v2"],
    ]);
    expect([...namesIn(made)]).toEqual([
      ["v1", "Name of v1"],
      ["v2", "Name of v2"],
    ]);
    const [gone] = historyOf([list([variable("v1")], [])]);
    expect([gone?.kind, gone?.lost?.Name]).toEqual(["removed", "Name of v1"]);
  });

  test("brings back what a part was, and nothing that is so already or not known", () => {
    const back = (path: string, before: unknown, on = row) =>
      historyOf([event("e", changed(path, before, "?"))]).map((step) => patchOf(step, on))[0];
    expect(back("v1/Value", "old")).toEqual({ value: "old" });
    expect(back("v1/Value", "new")).toBeUndefined();
    expect(back("v1/Value", "old", { ...row, type: "Sensitive" })).toBeUndefined();
    expect(back("v1/Value", "old", { ...row, editable: false })).toBeUndefined();
    expect(back("v1/Scope/Environment", ["e1"])).toEqual({ scope: { Role: ["web"], Environment: ["e1"] } });
    expect(back("v1/Scope/Environment", undefined)).toEqual({ scope: { Role: ["web"] } });
    expect(back("v1/Scope/Environment", ["e2"])).toBeUndefined();
    expect(back("v1/Prompt/Label", "old")).toBeUndefined();
  });

  test("brings back a deleted value as a new one, without its secret", () => {
    const plain = broughtBack(variable("v1", { Scope: { Environment: ["e1"] } }) as never);
    expect([plain?.name, plain?.value, plain?.scope]).toEqual(["Name of v1", "x", { Environment: ["e1"] }]);
    expect(plain?.id).not.toBe("v1");
    const secret = broughtBack(
      variable("v2", { Type: "Sensitive", IsSensitive: true, Value: null }) as never,
    );
    expect([secret?.type, secret?.value, secret?.isSet]).toEqual(["Sensitive", "", undefined]);
  });
});
