import { describe, expect, it, vi } from "vitest";

vi.mock("../../api/place", () => ({ base: "", installation: "" }));

const { currentOf, filterOf, kept, named, searchOfFilter } = await import("./savedFilters");

const SEARCH = {
  q: "north",
  environments: "Environments-1,Environments-2",
  tags: "web",
  health: "Healthy,Unhealthy",
  kinds: "Ssh",
  disabled: "no" as const,
};

describe("a saved filter of machines", () => {
  it("says what the list showed, and shows it again", () => {
    const filter = filterOf("North", { ...SEARCH, page: 3 });
    expect(filter).toEqual({
      Name: "North",
      PartialName: "north",
      EnvironmentIds: ["Environments-1", "Environments-2"],
      Roles: ["web"],
      HealthStatuses: ["Healthy", "Unhealthy"],
      CommStyles: ["Ssh"],
      IsDisabled: false,
    });
    expect(searchOfFilter(filter)).toEqual(SEARCH);
    expect(searchOfFilter(filterOf("Plain", { tags: "db" }))).toEqual({ tags: "db" });
    expect(searchOfFilter(filterOf("Off", { disabled: "yes" }))).toEqual({ disabled: "yes" });
  });

  it("is known again on any page, but not where something more is asked for", () => {
    const filters = [filterOf("Db", { tags: "db" }), filterOf("North", SEARCH)];
    expect(currentOf(filters, { ...SEARCH, page: 2 })?.Name).toBe("North");
    expect(currentOf(filters, { ...SEARCH, policies: "MachinePolicies-1" })).toBeUndefined();
    expect(currentOf(filters, { tags: "db", q: "x" })).toBeUndefined();
    expect(currentOf(filters, {})).toBeUndefined();
  });

  it("takes the place of one with its name, in whatever case", () => {
    const before = [filterOf("North", SEARCH), filterOf("Db", { tags: "db" })];
    const after = kept(before, filterOf("NORTH", { tags: "new" }));
    expect(after.map((each) => each.Name)).toEqual(["Db", "NORTH"]);
    expect(named(after, "north")?.Roles).toEqual(["new"]);
    expect(named(after, "south")).toBeUndefined();
  });
});
