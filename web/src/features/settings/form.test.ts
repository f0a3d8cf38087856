import { describe, expect, it } from "vitest";
import { propertiesOf, wordsOf } from "./form";

describe("the form of a section of the settings", () => {
  it("is what the API describes, without what never changes", () => {
    const found = propertiesOf([
      {
        Properties: [
          { Name: "IsOn", Type: "bool", DisplayInfo: { Label: "On", Description: "Whether." } },
          { Name: "Fixed", Type: "bool", DisplayInfo: { ReadOnly: true } },
          { Name: "Mode", Type: "string", DisplayInfo: { Options: { Values: { NeverShow: "NeverShow" } } } },
          { Name: "Address", Type: "string", DisplayInfo: { Label: "", Options: null } },
        ],
      },
    ]);
    expect(found.map((one) => [one.name, one.label, one.kind])).toEqual([
      ["IsOn", "On", "switch"],
      ["Mode", "Mode", "choice"],
      ["Address", "Address", "text"],
    ]);
    expect(propertiesOf(undefined)).toEqual([]);
  });

  it("has choices in words", () => {
    expect(wordsOf("VirtualizeRowsAndColumns")).toBe("Virtualize rows and columns");
  });
});
