import { describe, expect, test } from "vitest";
import { edited, opened, resulting } from "./edits";
import { type Conflict, draftOf, hasSecrets, merged, resolved, withoutSecrets } from "./merging";
import { newRow, type Row } from "./model";

const row = (id: string, more: Partial<Row> = {}): Row => ({
  ...newRow({ name: id, value: "1", ...more }),
  id,
});
const base = [row("a"), row("b", { scope: { Environment: ["e1"] } }), row("c")];

function draft(...actions: Parameters<typeof edited>[1][]) {
  const found = draftOf(actions.reduce(edited, opened(1, base)));
  if (!found) throw new Error("nothing was done");
  return found;
}

describe("merging what two people did", () => {
  test("different rows and different fields of a row go together", () => {
    const mine = draft(
      { do: "set", patches: [["a", { value: "mine" }]] },
      { do: "set", patches: [["b", { name: "B" }]] },
      { do: "add", rows: [newRow({ name: "new" })] },
      { do: "remove", ids: ["c"] },
    );
    const theirs = [row("x"), base[0] as Row, row("b", { scope: { Environment: ["e2"] } }), base[2] as Row];
    const { edits, conflicts } = merged(2, theirs, mine);
    expect(conflicts).toEqual([]);
    expect(resulting(edits).map((each) => `${each.name}=${each.value}`)).toEqual([
      "new=",
      "x=1",
      "a=mine",
      "B=1",
    ]);
    expect(edits.rows.get("b")?.scope).toEqual({ Environment: ["e2"] });
    expect(edits.version).toBe(2);
  });

  test("the same field changed in two ways is asked about, and neither is taken silently", () => {
    const mine = draft({ do: "set", patches: [["a", { value: "mine" }]] });
    const { edits, conflicts } = merged(2, [row("a", { value: "theirs" })], mine);
    expect(conflicts.map((each) => [each.kind, each.field])).toEqual([["both-changed", "value"]]);
    const key = (conflicts[0] as Conflict).key;
    expect(resolved(edits, conflicts, new Map([[key, "yours"]])).rows.get("a")?.value).toBe("mine");
    expect(resolved(edits, conflicts, new Map([[key, "theirs"]])).rows.get("a")?.value).toBe("theirs");
  });

  test("the same change by both is none", () => {
    const mine = draft({ do: "set", patches: [["a", { value: "same" }]] });
    const { edits, conflicts } = merged(2, [row("a", { value: "same" })], mine);
    expect(conflicts).toEqual([]);
    expect(draftOf(edits)).toBeUndefined();
  });

  test("what they deleted and you changed comes back as a new row, if you say so", () => {
    const mine = draft({ do: "set", patches: [["c", { value: "mine" }]] });
    const { edits, conflicts } = merged(2, [base[0] as Row], mine);
    expect(conflicts[0]?.kind).toBe("they-removed");
    const back = resolved(edits, conflicts, new Map([["c", "yours"]]));
    expect(resulting(back).map((each) => [each.name, each.id.startsWith("new-")])).toEqual([
      ["c", true],
      ["a", false],
    ]);
    expect(resulting(resolved(edits, conflicts, new Map([["c", "theirs"]])))).toHaveLength(1);
  });

  test("what you deleted and they changed goes only if you say so", () => {
    const mine = draft({ do: "remove", ids: ["a"] });
    const { edits, conflicts } = merged(2, [row("a", { value: "theirs" })], mine);
    expect(conflicts[0]?.kind).toBe("you-removed");
    expect(resulting(resolved(edits, conflicts, new Map([["a", "theirs"]])))).toHaveLength(1);
    expect(resulting(resolved(edits, conflicts, new Map([["a", "yours"]])))).toHaveLength(0);
  });

  test("a secret that both set anew is asked about, though nobody sees it", () => {
    const before = row("s", { type: "Sensitive", value: null, isSet: true, stamp: "1" });
    const state = edited(opened(1, [before]), { do: "set", patches: [["s", { value: "mine" }]] });
    const mine = draftOf(state);
    if (!mine) throw new Error("nothing was done");
    expect(merged(2, [before], mine).conflicts).toEqual([]);
    const { conflicts } = merged(2, [{ ...before, stamp: "2" }], mine);
    expect(conflicts[0]?.field).toBe("value");
  });

  test("what is kept over a reload has no secrets, and is the same otherwise", () => {
    const state = edited(opened(1, [row("s", { type: "Sensitive", value: null })]), {
      do: "set",
      patches: [["s", { value: "hunter2", description: "mine" }]],
    });
    const whole = draftOf(state);
    if (!whole) throw new Error("nothing was done");
    expect(hasSecrets(whole)).toBe(true);
    const bare = withoutSecrets(whole);
    expect(JSON.stringify(bare)).not.toContain("hunter2");
    expect(bare.changed[0]?.yours.description).toBe("mine");
    expect(merged(1, [...state.base.values()], bare).conflicts).toEqual([]);
  });
});
