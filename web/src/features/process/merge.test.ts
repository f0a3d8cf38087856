import { describe, expect, it } from "vitest";
import { merge, resolved } from "./merge";
import type { Step } from "./model";

const step = (Id: string, Name = Id): Step => ({
  Id,
  Name,
  Slug: Id,
  PackageRequirement: "LetOctopusDecide",
  RequiresPackagesToBeAcquired: false,
  Properties: {},
  Condition: "Success",
  StartTrigger: "StartAfterPrevious",
  Actions: [],
  Links: {},
});

const names = (steps: readonly Step[]) => steps.map((each) => each.Name).join(" ");

describe("two people changing a process", () => {
  it("fit together when they changed different steps", () => {
    const found = merge(
      [step("a"), step("b")],
      [step("a", "mine"), step("b")],
      [step("a"), step("b", "theirs")],
    );
    expect(found.conflicts).toEqual([]);
    expect(names(resolved(found, {}))).toBe("mine theirs");
  });

  it("leave a conflict where both changed one step, for each to decide", () => {
    const found = merge([step("a")], [step("a", "mine")], [step("a", "theirs")]);
    expect(found.conflicts.map((each) => each.id)).toEqual(["a"]);
    expect(names(resolved(found, { a: "theirs" }))).toBe("theirs");
    expect(names(resolved(found, { a: "mine" }))).toBe("mine");
  });

  it("see no conflict in the same change", () => {
    expect(merge([step("a")], [step("a", "x")], [step("a", "x")]).conflicts).toEqual([]);
  });

  it("keep what either added, beside the neighbour it had", () => {
    const base = [step("a"), step("b")];
    const found = merge(base, [step("a"), step("m"), step("b")], [step("a"), step("b"), step("t")]);
    expect(names(resolved(found, {}))).toBe("a m b t");
  });

  it("delete what one deleted and the other left alone, and ask where the other changed it", () => {
    const base = [step("a"), step("b")];
    expect(names(resolved(merge(base, [step("a")], base), {}))).toBe("a");
    expect(names(resolved(merge(base, base, [step("b")]), {}))).toBe("b");
    const found = merge(base, [step("a")], [step("a"), step("b", "changed")]);
    expect(found.conflicts.map((each) => each.id)).toEqual(["b"]);
    expect(names(resolved(found, { b: "mine" }))).toBe("a");
    expect(names(resolved(found, { b: "theirs" }))).toBe("a changed");
  });

  it("take the order of who moved steps, and say so when both did", () => {
    const base = [step("a"), step("b"), step("c")];
    const theirs = [step("c"), step("a"), step("b")];
    expect(names(resolved(merge(base, base, theirs), {}))).toBe("c a b");
    const mine = [step("b"), step("a"), step("c")];
    const found = merge(base, mine, theirs);
    expect(found.orderConflict).toBe(true);
    expect(names(resolved(found, {}))).toBe("b a c");
  });
});
