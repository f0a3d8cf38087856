import { describe, expect, it } from "vitest";
import type { Schema } from "../../api/types";
import { answerPairs, artifactPairs, outcomesOf, targetsApart, took } from "./outcomes";

const deployment = (Id: string, EnvironmentId: string, more: Partial<Schema["Deployment"]> = {}) =>
  ({
    Id,
    EnvironmentId,
    DeployedToMachineIds: [],
    FormValues: {},
    ...more,
  }) as unknown as Schema["Deployment"];

const artifact = (Filename: string, Size: number) => ({ Filename, Size }) as Schema["Artifact"];

describe("the outcomes of two releases", () => {
  it("are laid side by side by environment, the last of each, in the environments' order", () => {
    const before = [deployment("3", "Test"), deployment("1", "Dev")];
    const after = [deployment("5", "Dev"), deployment("4", "Dev")];
    const found = outcomesOf(["Dev", "Test", "Prod"], before, after);
    expect(found.map((each) => [each.environment, each.before?.Id, each.after?.Id])).toEqual([
      ["Dev", "1", "5"],
      ["Test", "3", undefined],
    ]);
  });

  it("name the targets only one of them went to, and none where there is nothing to compare", () => {
    const before = deployment("1", "Dev", { DeployedToMachineIds: ["a", "b"] });
    const after = deployment("2", "Dev", { DeployedToMachineIds: ["b", "c"] });
    expect(targetsApart({ environment: "Dev", before, after })).toEqual({ gone: ["a"], come: ["c"] });
    expect(targetsApart({ environment: "Dev", before: undefined, after })).toEqual({ gone: [], come: [] });
  });

  it("know how long a task took once it has ended", () => {
    const times = { StartTime: "2026-01-01T00:00:00Z", CompletedTime: "2026-01-01T00:00:05Z" };
    expect(took(times as Schema["Task"])).toBe(5000);
    expect(took({ ...times, CompletedTime: null } as Schema["Task"])).toBeUndefined();
    expect(took(undefined)).toBeUndefined();
  });

  it("pair files by name, several of a name as one line", () => {
    const found = artifactPairs(
      [artifact("log", 10), artifact("old", 1)],
      [artifact("log", 10), artifact("log", 20)],
    );
    expect(found.map((each) => [each.key, each.before, each.after])).toEqual([
      ["log", "10 bytes", "2 files, 30 bytes"],
      ["old", "1 byte", ""],
    ]);
  });

  it("tell answers that are not the same", () => {
    const before = deployment("1", "Dev", { FormValues: { Why: "a", Same: "x", Key: null } });
    const after = deployment("2", "Dev", { FormValues: { Why: "b", Same: "x", New: "n", Key: null } });
    expect(answerPairs(before, after)).toEqual([
      { key: "New", before: "", after: "n" },
      { key: "Why", before: "a", after: "b" },
    ]);
  });
});
