import { describe, expect, it } from "vitest";
import { changes, shown, words } from "./differences";

describe("what an event changed", () => {
  it("is a line a difference, with the path in words", () => {
    const found = changes(
      {
        Differences: [
          { Path: "/Steps/Steps-1/Name", Op: "replace", OldValue: "Copy", Value: "Move" },
          { Path: "/Roles", Op: "add", Value: ["web", "db"] },
          { Path: "/a~1b~0c", Op: "remove", OldValue: true },
        ],
      },
      "Modified",
    );
    expect(found).toEqual([
      { path: "Steps › Steps-1 › Name", kind: "changed", before: "Copy", after: "Move" },
      { path: "Roles", kind: "added", before: undefined, after: "web, db" },
      { path: "a/b~c", kind: "removed", before: "yes", after: undefined },
    ]);
  });

  it("tells that a secret changed, and nothing of it", () => {
    const [one] = changes(
      {
        Differences: [
          {
            Path: "/Password",
            Op: "replace",
            OldValue: { HasValue: true, SecretId: "s-1" },
            Value: { HasValue: true, SecretId: "s-2" },
          },
        ],
      },
      "Modified",
    );
    expect(one).toEqual({
      path: "Password",
      kind: "changed",
      before: "a secret is set",
      after: "another secret is set",
      secret: true,
    });
  });

  it("is the document itself where it was made or deleted, without what says nothing", () => {
    const DocumentContext = { Name: "Web", Description: "", Key: { HasValue: true }, Links: { Self: "/x" } };
    expect(changes({ DocumentContext }, "Created")).toEqual([
      { path: "Name", kind: "added", after: "Web" },
      { path: "Key", kind: "added", after: "a secret is set", secret: true },
    ]);
    expect(changes({ DocumentContext }, "MachineDeleted")[0]).toEqual({
      path: "Name",
      kind: "removed",
      before: "Web",
    });
    expect(changes({ DocumentContext: null, Differences: [] }, "Created")).toEqual([]);
  });

  it("shows every kind of value in words", () => {
    expect(words("")).toBe("(everything)");
    expect([shown(""), shown(null), shown(3), shown([]), shown([{ a: 1 }])]).toEqual([
      "(empty)",
      "nothing",
      "3",
      "(none)",
      '[\n  {\n    "a": 1\n  }\n]',
    ]);
  });
});
