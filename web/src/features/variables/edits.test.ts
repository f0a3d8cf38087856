import { describe, expect, test } from "vitest";
import { type Action, type Edits, edited, isDirty, opened, patched, resulting, reviewOf } from "./edits";
import { newRow, type Row } from "./model";

const row = (id: string, more: Partial<Row> = {}): Row => ({
  ...newRow({ name: id, value: "1", ...more }),
  id,
});
const start = (): Edits => opened(3, [row("a"), row("b"), row("c")]);
const all = (state: Edits, ...actions: readonly Action[]): Edits => actions.reduce(edited, state);
const names = (state: Edits) => resulting(state).map((each) => `${each.name}=${each.value}`);

describe("editing a set", () => {
  test("a change is told, and taken back it is none", () => {
    const changed = edited(start(), { do: "set", patches: [["b", { value: "2" }]] });
    expect(names(changed)).toEqual(["a=1", "b=2", "c=1"]);
    expect(reviewOf(changed).changed[0]?.fields).toEqual(["value"]);
    const back = edited(changed, { do: "set", patches: [["b", { value: "1" }]] });
    expect(isDirty(back)).toBe(false);
    expect(reviewOf(back).count).toBe(0);
  });

  test("undo goes back a step at a time, redo forward, and a new change forgets what was undone", () => {
    const made = newRow({ name: "n", value: "9" });
    const done = all(
      start(),
      { do: "set", patches: [["a", { value: "2" }]] },
      { do: "add", rows: [made] },
      { do: "remove", ids: ["c", made.id] },
    );
    expect(names(done)).toEqual(["a=2", "b=1"]);
    expect(names(all(done, { do: "undo" }))).toEqual(["n=9", "a=2", "b=1", "c=1"]);
    expect(names(all(done, { do: "undo" }, { do: "undo" }, { do: "undo" }, { do: "undo" }))).toEqual([
      "a=1",
      "b=1",
      "c=1",
    ]);
    expect(names(all(done, { do: "undo" }, { do: "undo" }, { do: "redo" }, { do: "redo" }))).toEqual(
      names(done),
    );
    const other = all(done, { do: "undo" }, { do: "set", patches: [["b", { name: "x" }]] });
    expect(other.future).toEqual([]);
  });

  test("what changes nothing is no step", () => {
    const state = start();
    expect(edited(state, { do: "set", patches: [["a", { value: "1" }]] })).toBe(state);
    expect(edited(state, { do: "restore", ids: ["a"] })).toBe(state);
    expect(edited(state, { do: "undo" })).toBe(state);
  });

  test("rows one may not change stay, and rows that go are not edited", () => {
    const state = opened(1, [row("a", { editable: false }), row("b")]);
    expect(edited(state, { do: "set", patches: [["a", { value: "2" }]] })).toBe(state);
    expect(edited(state, { do: "remove", ids: ["a"] })).toBe(state);
    const gone = edited(state, { do: "remove", ids: ["b"] });
    expect(edited(gone, { do: "set", patches: [["b", { value: "2" }]] })).toBe(gone);
    expect(reviewOf(gone).removed.map((each) => each.id)).toEqual(["b"]);
    expect(names(edited(gone, { do: "restore", ids: ["b"] }))).toEqual(["a=1", "b=1"]);
  });

  test("pasting changes rows and makes new ones in one step", () => {
    const made = [newRow({ name: "x" }), newRow({ name: "y" })];
    const done = edited(start(), { do: "paste", patches: [["c", { value: "7" }]], rows: made });
    expect(resulting(done).map((each) => each.name)).toEqual(["x", "y", "a", "b", "c"]);
    expect(names(edited(done, { do: "undo" }))).toEqual(["a=1", "b=1", "c=1"]);
  });

  test("a secret never becomes a text by changing the type", () => {
    const secret = row("s", { type: "Sensitive", value: null, isSet: true });
    expect(patched(secret, { type: "String" }).value).toBe("");
    expect(patched(row("t"), { type: "Sensitive" }).value).toBe("1");
    expect(patched(row("t"), { type: "WorkerPool" }).value).toBe("");
    expect(patched(row("t", { value: "#{Pool}" }), { type: "WorkerPool" }).value).toBe("#{Pool}");
  });

  test("of ten thousand rows only those that were changed are told", () => {
    const many = opened(
      1,
      Array.from({ length: 10_000 }, (_, at) => row(`r${at}`)),
    );
    let state = many;
    for (let at = 0; at < 20; at++) {
      state = edited(state, { do: "set", patches: [[`r${at * 7}`, { value: "2" }]] });
    }
    expect(reviewOf(state).count).toBe(20);
  });
});
