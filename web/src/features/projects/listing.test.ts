import { describe, expect, it } from "vitest";
import { firstOf, listSearch, sectionsOf } from "./listing";
import { type Tab, tabOf } from "./tabs";

const project = (Name: string, ProjectGroupId: string, Description = "") => ({
  Id: `Projects-${Name}`,
  Name,
  Slug: Name.toLowerCase(),
  SpaceId: "Spaces-1",
  ProjectGroupId,
  Description,
  IsDisabled: false,
  Links: {},
});
const groups = [
  { Id: "G-1", Name: "Shop" },
  { Id: "G-2", Name: "Back office" },
  { Id: "G-3", Name: "Empty" },
];
const projects = [
  project("Cart", "G-1", "what one buys"),
  project("Search", "G-1"),
  project("Ledger", "G-2"),
];
const shape = (text: string) =>
  sectionsOf(projects, groups, text).map((each) => [each.group.Name, each.projects.map((one) => one.Name)]);

describe("the list of projects", () => {
  it("has them below their groups, and groups that are empty", () => {
    expect(shape("")).toEqual([
      ["Shop", ["Cart", "Search"]],
      ["Back office", ["Ledger"]],
      ["Empty", []],
    ]);
  });

  it("finds by name, description and group, and shows no empty group then", () => {
    expect(shape("BUYS")).toEqual([["Shop", ["Cart"]]]);
    expect(shape("office")).toEqual([["Back office", ["Ledger"]]]);
    expect(shape("nothing")).toEqual([]);
  });

  it("shows so many and says how many more there are", () => {
    const { shown, more } = firstOf(sectionsOf(projects, groups, ""), 2);
    expect(shown.flatMap((each) => each.projects.map((one) => one.Name))).toEqual(["Cart", "Search"]);
    expect(more).toBe(1);
  });

  it("reads its address", () => {
    expect(listSearch({ q: "a", dialog: "odd", clone: "Projects-1", x: 1 })).toEqual({
      q: "a",
      clone: "Projects-1",
    });
  });
});

describe("the tab of an address", () => {
  const tabs: readonly Tab[] = [
    { text: "Overview", to: "" },
    { text: "Releases", to: "releases" },
  ];
  it.each([
    ["/Spaces-1/projects/web", "Overview"],
    ["/Spaces-1/projects/web/", "Overview"],
    ["/Spaces-1/projects/web/releases", "Releases"],
    ["/Spaces-1/projects/web/releases/create", "Releases"],
    ["/Spaces-1/projects/web/releasesque", undefined],
  ])("%s is %s", (address, text) => {
    expect(tabOf(address, "/projects/web", tabs)?.text).toBe(text);
  });
});
