import { describe, expect, it } from "vitest";
import { safeNext } from "./returning";

describe("where one goes after signing in", () => {
  it("is the page one came from", () => {
    expect(safeNext("/Spaces-1/projects/web?tab=all")).toBe("/Spaces-1/projects/web?tab=all");
  });

  it.each([
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil",
    "javascript:alert(1)",
    "/a\nb",
    "",
    undefined,
  ])("is the start for %j", (next) => {
    expect(safeNext(next)).toBe("/");
  });

  it("is never the sign-in page again", () => {
    expect(safeNext("/sign-in?next=/x")).toBe("/");
  });
});
