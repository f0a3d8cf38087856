import { describe, expect, it } from "vitest";
import { expiryOf } from "./expiry";

const NOW = Date.parse("2026-07-01T12:00:00Z");
const ends = (days: number) => ({
  NotBefore: "2026-01-01T00:00:00Z",
  NotAfter: new Date(NOW + days * 86_400_000).toISOString(),
});

describe("when a certificate ends", () => {
  it.each([
    [-1, "Expired", "failed"],
    [0, "Expired", "failed"],
    [1, "Expires soon", "failed"],
    [8, "Expires soon", "warning"],
    [31, "Valid", "success"],
  ] as const)("in %d days it is %s", (days, word, state) => {
    expect(expiryOf(ends(days), NOW)).toMatchObject({ word, state, days });
  });

  it("is not valid before it begins", () => {
    expect(expiryOf({ NotBefore: "2026-08-01T00:00:00Z", NotAfter: "2027-08-01T00:00:00Z" }, NOW).word).toBe(
      "Not valid yet",
    );
  });

  it("is unknown where it does not say", () => {
    expect(expiryOf({ NotBefore: null, NotAfter: null }, NOW).word).toBe("Unknown");
  });
});
