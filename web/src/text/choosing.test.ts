import { describe, expect, it } from "vitest";
import { spoken } from "./choosing";

describe("the language of the page", () => {
  it("is the first of the browser's that there is a catalogue of", () => {
    expect(spoken(null, ["fr-FR", "id-ID", "en-US"])).toEqual({ language: "id", locale: "id-ID" });
    expect(spoken(null, ["en-GB", "id"])).toEqual({ language: "en", locale: "en-GB" });
  });

  it("is what was chosen, whatever the browser wants, if it is a language of ours", () => {
    expect(spoken("id", ["en-GB"])).toEqual({ language: "id", locale: "id" });
    expect(spoken("en", ["id-ID", "en-GB"])).toEqual({ language: "en", locale: "en-GB" });
    expect(spoken("xx", ["id-ID"])).toEqual({ language: "id", locale: "id-ID" });
  });

  it("is English where there is nothing else", () => {
    expect(spoken(null, ["fr"])).toEqual({ language: "en", locale: "en" });
    expect(spoken("toString", [])).toEqual({ language: "en", locale: "en" });
  });
});
