import { describe, expect, it } from "vitest";
import { base64Of, base64OfText } from "./data";

describe("the data of a certificate", () => {
  it("is sent in base64, also where it is larger than one block", async () => {
    const text = "-----BEGIN CERTIFICATE-----\n".repeat(5000);
    expect(Buffer.from(base64OfText(text), "base64").toString()).toBe(text);
    expect(await base64Of(new Blob([text]))).toBe(base64OfText(text));
  });
});
