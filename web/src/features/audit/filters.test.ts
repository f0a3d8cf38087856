import { describe, expect, it } from "vitest";
import { countOf, filtered, filterQuery, pageQuery, searchOf, valuesOf } from "./filters";

describe("the filters of the audit page", () => {
  it("come from the address, and what makes no sense there is left out", () => {
    expect(
      searchOf({
        q: 12,
        groups: "Machine,Deployment",
        from: "2026-01-02",
        to: "soon",
        page: "3",
        colour: "red",
      }),
    ).toEqual({ q: "12", groups: "Machine,Deployment", from: "2026-01-02", page: 3 });
    expect(searchOf({ from: "2026-13-45", to: "0000-00-00" })).toEqual({});
    expect(searchOf({ page: 1, q: " ", users: null })).toEqual({});
  });

  it("go back to the first page when one changes, and close what was open", () => {
    const before = searchOf({ q: "web", page: 4, open: "Events-9" });
    expect(filtered(before, { users: "Users-1" })).toEqual({ q: "web", users: "Users-1" });
    expect(filtered(before, { q: "" })).toEqual({});
  });

  it("ask for whole days of the viewer's own zone", () => {
    const query = filterQuery({ from: "2026-03-01", to: "2026-03-01" });
    const span = new Date(String(query.to)).getTime() - new Date(String(query.from)).getTime();
    expect(span).toBe(24 * 3600 * 1000 - 1);
  });

  it("ask for the page that is shown", () => {
    expect(pageQuery({ page: 3, projects: "Projects-1,Projects-2" })).toMatchObject({
      skip: 100,
      take: 50,
      projects: "Projects-1,Projects-2",
    });
    expect(valuesOf({ projects: "Projects-1,Projects-2" }, "projects")).toEqual(["Projects-1", "Projects-2"]);
    expect(countOf({ q: "web", projects: "Projects-1", to: "2026-01-01" })).toBe(2);
  });
});
