import { describe, expect, it } from "vitest";
import { countOf, filtered, queryOf, searchOf, valuesOf } from "./filters";

describe("the filters of a list of machines", () => {
  it("are read from any address, and what is no filter is left out", () => {
    expect(
      searchOf({ q: " web ", health: "Healthy,Purple", disabled: "maybe", page: "0", other: 1 }),
    ).toEqual({
      q: "web",
      health: "Healthy",
    });
  });

  it("go back to the first page when one is changed", () => {
    expect(filtered({ q: "web", page: 3 }, { tags: "db" })).toEqual({ q: "web", tags: "db" });
    expect(filtered({ tags: "db" }, { tags: "" })).toEqual({});
  });

  it("are counted and asked for as the API wants them", () => {
    const search = searchOf({ environments: "Environments-1,Environments-2", disabled: "no", page: 2 });
    expect(countOf(search)).toBe(2);
    expect(valuesOf(search, "environments")).toEqual(["Environments-1", "Environments-2"]);
    expect(queryOf(search)).toMatchObject({ isDisabled: false, skip: 100, take: 100 });
  });
});
