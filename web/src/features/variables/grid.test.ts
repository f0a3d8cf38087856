import { describe, expect, test } from "vitest";
import { duplicates, isKnown, looksSecret, mentions, warningsOf } from "./checking";
import { at, blockOf, moved } from "./cursor";
import { visible } from "./filtering";
import { newRow, type Row, scopeKey } from "./model";
import { moduleOf, withModule } from "./moduleRows";
import { cellText, pasted } from "./pasting";
import { cellKey, placed } from "./refusals";
import { changed, matching, newTag, ScopeBook, toggled } from "./scopes";
import { gridSearch } from "./search";

const row = (id: string, more: Partial<Row> = {}): Row => ({
  ...newRow({ name: id, value: "1", ...more }),
  id,
});
const book = new ScopeBook({
  Environments: [
    { Id: "Environments-1", Name: "Development" },
    { Id: "Environments-2", Name: "Production" },
  ],
  Roles: [{ Id: "web", Name: "web" }],
  Machines: [],
  Actions: [],
  Channels: [],
  TenantTags: [],
  Tenants: [],
  Processes: [],
});
const say = (text: string, values: Record<string, string> = {}) =>
  text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? "");

describe("scopes", () => {
  test("names are read back as what they were written from", () => {
    const { scope, unknown } = book.read("production, Web ,Nowhere");
    expect(scope).toEqual({ Environment: ["Environments-2"], Role: ["web"] });
    expect(unknown).toEqual(["Nowhere"]);
    expect(book.text(scope)).toBe("Production, web");
  });

  test("the order in which things are named makes no difference", () => {
    expect(scopeKey({ Environment: ["b", "A"] })).toBe(scopeKey({ Environment: ["a", "B"] }));
    expect(scopeKey({ Environment: [] })).toBe("");
  });

  test("many rows get something, lose something, or get another scope", () => {
    const scope = { Environment: ["e1", "e2"], Role: ["web"] };
    expect(changed(scope, "add", { Environment: ["e3"] })).toEqual({
      ...scope,
      Environment: ["e1", "e2", "e3"],
    });
    expect(changed(scope, "remove", { Environment: ["e1"], Role: ["web"] })).toEqual({ Environment: ["e2"] });
    expect(changed(scope, "replace", {})).toEqual({});
    expect(toggled({ Environment: ["e1"] }, "Environment", "e1")).toEqual({});
  });

  test("options are found by words of their name or kind, and a new tag is offered", () => {
    expect(matching(book.options, "env prod").map((each) => each.name)).toEqual(["Production"]);
    expect(newTag(book.options, "db")?.kind).toBe("Role");
    expect(newTag(book.options, "WEB")).toBeUndefined();
  });
});

describe("cells", () => {
  const ids = ["a", "b"];
  const columns = ["name", "value", "scope"] as const;

  test("a block fills rows and makes new ones below the last", () => {
    const cells = [
      ["two", "2"],
      ["three", "3"],
    ];
    const found = pasted(cells, ids, columns, { row: 1, column: 0, rows: 1, columns: 1 }, book);
    expect(found.patches).toEqual([["b", { name: "two", value: "2" }]]);
    expect(found.rows.map((each) => [each.name, each.value])).toEqual([["three", "3"]]);
  });

  test("one cell fills all that is selected, and scopes are read by their names", () => {
    const found = pasted([["Production"]], ids, columns, { row: 0, column: 2, rows: 2, columns: 1 }, book);
    expect(found.patches.map(([, patch]) => patch.scope)).toEqual([
      { Environment: ["Environments-2"] },
      { Environment: ["Environments-2"] },
    ]);
  });

  test("cells beyond the last column are counted, and names nobody has are told", () => {
    const found = pasted([["Nowhere", "x"]], ids, columns, { row: 0, column: 2, rows: 1, columns: 1 }, book);
    expect([found.cut, found.unknown]).toEqual([1, ["Nowhere"]]);
  });

  test("secrets are never copied", () => {
    expect(cellText(row("s", { type: "Sensitive", value: "typed" }), "value", book)).toBe("");
  });
});

describe("the cursor", () => {
  const ids = ["a", "b", "c"];
  const places = new Map(ids.map((id, place) => [id, place]));
  const columns = ["name", "value"] as const;

  test("Tab goes on in the next row and stops at the end", () => {
    const next = moved(at("a", "value"), ids, places, columns, { across: 1, wrap: true });
    expect([next.row, next.column]).toEqual(["b", "name"]);
    const last = moved(at("c", "value"), ids, places, columns, { across: 1, wrap: true });
    expect([last.row, last.column]).toEqual(["c", "value"]);
  });

  test("Shift keeps the other corner", () => {
    const reached = moved(at("b", "value"), ids, places, columns, { down: 1, across: -1, extend: true });
    expect(blockOf(reached, places, columns)).toEqual({ top: 1, bottom: 2, left: 0, right: 1 });
  });
});

describe("warnings", () => {
  test("two rows of one name and scope are told, whatever the case", () => {
    const found = duplicates([
      row("A", { name: "x" }),
      row("B", { name: "X" }),
      row("C", { name: "x", scope: { Role: ["w"] } }),
    ]);
    expect([...found].sort()).toEqual(["A", "B"]);
  });

  test("what a text mentions leaves out loops, helpers and literals", () => {
    const text = '#{each s in Servers}#{s.Name}#{/each}#{if Mode == "x"}#{Url | ToLower}#{else}#{/if}';
    expect(mentions(text)).toEqual(["Servers", "Mode", "Url"]);
    expect(isKnown("A.B[c]", new Set(["a"]))).toBe(true);
    expect(isKnown("Octopus.Release.Number", new Set())).toBe(true);
    expect(isKnown("Missing", new Set(["a"]))).toBe(false);
  });

  test("what looks like a secret is told of text only", () => {
    expect(looksSecret(row("Db.Password", { value: "hunter2" }))).toBe(true);
    expect(looksSecret(row("Db.Password", { value: "#{Vault}" }))).toBe(false);
    expect(looksSecret(row("Db", { value: "Server=x;Password=abc123;" }))).toBe(true);
    expect(looksSecret(row("Db.Password", { value: "x", type: "Sensitive" }))).toBe(false);
    expect(looksSecret(row("Host", { value: "db.example" }))).toBe(false);
  });

  test("what the server said holds for rows that have not changed since", () => {
    const told = [{ Code: "unreachable", Message: "never applies", VariableIds: ["a"] }];
    const rows = [row("a"), row("s", { type: "Sensitive", value: "abc" })];
    const found = warningsOf(rows, new Set(), told, () => true, say);
    expect(found.get("a")?.[0]?.text).toBe("never applies");
    expect(found.get("s")?.[0]?.code).toBe("short-secret");
    expect(warningsOf(rows, new Set(), told, () => false, say).get("a")).toBeUndefined();
  });
});

describe("the rest of the grid", () => {
  test("an address is understood, and what is not is left out", () => {
    expect(gridSearch({ q: 5, sort: "size", only: "changed", strange: "x" })).toEqual({
      q: "5",
      only: "changed",
    });
  });

  test("filters leave out, sorting keeps rows of a name in their order, new rows stay on top", () => {
    const made = newRow();
    const rows = new Map(
      [row("b"), row("a2", { name: "a" }), row("a1", { name: "A", scope: { Environment: ["e1"] } })].map(
        (each) => [each.id, each],
      ),
    );
    rows.set(made.id, made);
    const order = [made.id, "b", "a2", "a1"];
    const seen = (search: object) =>
      visible(
        order,
        rows,
        search,
        () => false,
        new Map(),
        () => undefined,
      );
    expect(seen({ sort: "name" })).toEqual([made.id, "a2", "a1", "b"]);
    expect(seen({ scope: "e1" })).toEqual([made.id, "a1"]);
    expect(seen({ scope: "unscoped", q: "b" })).toEqual([made.id, "b"]);
    expect(seen({ only: "changed" })).toEqual([made.id]);
  });

  test("a refusal is put at the row and cell it names", () => {
    const { cells, others, first } = placed(
      ["Variables[1].Name: is empty.", "Variables[0].Scope.Machine[0]: 'x' is not there.", "Something else."],
      ["a", "b"],
    );
    expect(cells.get(cellKey("b", "name"))).toBe("Is empty.");
    expect(cells.get(cellKey("a", "scope"))).toContain("not there");
    expect([others, first]).toEqual([["Something else."], "b"]);
  });

  test("a script module is two variables", () => {
    const rows = withModule([], "Tools", "say() { :; }", "Bash");
    expect(rows.map((each) => each.name)).toEqual([
      "Octopus.Script.Module[Tools]",
      "Octopus.Script.Module.Language[Tools]",
    ]);
    expect(moduleOf(withModule(rows, "Tools", "other", "Python"))).toEqual({
      body: "other",
      language: "Python",
    });
    expect(withModule(rows, "Tools", "other", "Python")).toHaveLength(2);
  });
});
