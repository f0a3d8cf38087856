import { describe, expect, it } from "vitest";
import { asText, dashboardSearch, fromText, narrows } from "./search";

describe("what the address of the dashboard says", () => {
  it("is read, and what is not understood is left out", () => {
    expect(dashboardSearch({ q: " web ", states: "failed,odd,running", view: "sideways", other: 1 })).toEqual(
      {
        q: "web",
        states: "failed,running",
      },
    );
  });

  it("takes a number that was meant as text", () => {
    expect(dashboardSearch({ q: 42 })).toEqual({ q: "42" });
  });

  it("is kept as a text from which the same is read again", () => {
    const search = {
      q: "a & b",
      groups: "ProjectGroups-1,ProjectGroups-2",
      states: "failed",
      view: "wall",
    } as const;
    expect(fromText(asText(search))).toEqual(search);
  });

  it("is the same text whatever the order", () => {
    expect(asText({ states: "failed", q: "x" })).toBe(asText({ q: "x", states: "failed" }));
  });

  it("narrows nothing by its density alone", () => {
    expect(narrows({ view: "wall" })).toBe(false);
    expect(narrows({ groups: "ProjectGroups-1" })).toBe(true);
  });
});
