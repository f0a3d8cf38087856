import { describe, expect, it } from "vitest";
import type { Schema } from "../../api/types";
import { changed, commitsBeyond, packagesOf, processText, variablesOf } from "./comparing";

const selected = (ActionName: string, Version: string) => ({
  ActionName,
  StepName: ActionName,
  PackageReferenceName: "",
  Version,
});

const set = (...variables: object[]) => [{ Variables: variables }] as unknown as Schema["VariableSet"][];

const build = (...commits: string[]) =>
  [
    { Commits: commits.map((Id) => ({ Id, Comment: "", LinkUrl: null })) },
  ] as unknown as Schema["BuildInformation"][];

describe("two releases beside each other", () => {
  it("have their packages by action, also those only one of them has", () => {
    const pairs = packagesOf(
      [selected("web", "1"), selected("old", "1")],
      [selected("web", "2"), selected("new", "1")],
    );
    expect(pairs.filter(changed)).toEqual([
      { key: "web", before: "1", after: "2" },
      { key: "old", before: "1", after: "" },
      { key: "new", before: "", after: "1" },
    ]);
  });

  it("show variables that changed, by scope, and never a secret", () => {
    const before = set(
      { Name: "A", Value: "1", Scope: { Environment: ["E1"] }, IsSensitive: false },
      { Name: "S", Value: null, Scope: {}, IsSensitive: true },
      { Name: "Same", Value: "x", Scope: {}, IsSensitive: false },
    );
    const after = set(
      { Name: "A", Value: "2", Scope: { Environment: ["E1"] }, IsSensitive: false },
      { Name: "S", Value: "never shown", Scope: {}, IsSensitive: true },
      { Name: "Same", Value: "x", Scope: {}, IsSensitive: false },
    );
    expect(variablesOf(before, after)).toEqual([{ key: "A (Environment E1)", before: "1", after: "2" }]);
  });

  it("have processes as text whose lines can be laid side by side, without secrets", () => {
    const process = {
      Steps: [
        {
          Name: "Run",
          Condition: "Success",
          StartTrigger: "StartAfterPrevious",
          Properties: {},
          Actions: [
            {
              Name: "Run",
              ActionType: "Octopus.Script",
              IsDisabled: true,
              Environments: [],
              Channels: [],
              Packages: [],
              Properties: { Body: "one\ntwo", Key: { HasValue: true } },
            },
          ],
        },
      ],
    } as unknown as Schema["DeploymentProcess"];
    const text = processText(process);
    expect(text).toContain(
      "   - Run (Octopus.Script), disabled\n     Body: one\n       two\n     Key: (a secret)",
    );
  });

  it("tell of commits the other does not have, each once", () => {
    expect(commitsBeyond([...build("a", "b"), ...build("b")], build("a")).map((each) => each.Id)).toEqual([
      "b",
    ]);
  });
});
