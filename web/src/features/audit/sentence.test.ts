import { describe, expect, it } from "vitest";
import { addressOf, pieces } from "./sentence";

describe("the message of an event", () => {
  it("is cut where it names documents, counting letters and not UTF-16 units", () => {
    const found = pieces("🐙 Project Öl was changed", [
      { ReferencedDocumentId: "Projects-1", StartIndex: 10, Length: 2 },
    ]);
    expect(found).toEqual([
      { text: "🐙 Project " },
      { text: "Öl", document: "Projects-1" },
      { text: " was changed" },
    ]);
  });

  it("stays whole when references overlap or stick out", () => {
    const found = pieces("a b c", [
      { ReferencedDocumentId: "A-1", StartIndex: 0, Length: 3 },
      { ReferencedDocumentId: "B-1", StartIndex: 2, Length: 1 },
      { ReferencedDocumentId: "C-1", StartIndex: 4, Length: 9 },
    ]);
    expect(found.map((piece) => piece.text).join("")).toBe("a b c");
    expect(found.filter((piece) => piece.document)).toHaveLength(1);
    expect(pieces("", [])).toEqual([{ text: "" }]);
  });
});

describe("the address of a document", () => {
  it("is below its space, or below the server, or none", () => {
    expect(addressOf("Projects-7", "Spaces-1")).toBe("/Spaces-1/projects/Projects-7");
    expect(addressOf("Users-7", "Spaces-1")).toBe("/configuration/users/Users-7");
    expect(addressOf("teams-spacemanagers-Spaces-1", null)).toBe(
      "/configuration/teams/teams-spacemanagers-Spaces-1",
    );
    expect(addressOf("Projects-7", null)).toBe("");
    expect(addressOf("smtp", "Spaces-1")).toBe("");
  });
});
