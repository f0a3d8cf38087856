import { describe, expect, it } from "vitest";
import { offersFor } from "./completing";

const NAMES = [{ label: "Db.Name", detail: "project" }, { label: "Port" }];

describe("what completes a script", () => {
  it("offers names of variables after #{ and closes the brace", () => {
    const found = offersFor('echo "#{Db', '"', NAMES, "bash");
    expect(found?.from).toBe(8);
    expect(found?.offers.map((each) => each.apply)).toEqual(["Db.Name}", "Port}"]);
  });

  it("leaves a closing brace that is there alone", () => {
    expect(offersFor("#{", "Name} and more", NAMES, "bash")?.offers[0]?.apply).toBe("Db.Name");
  });

  it("knows conditions and loops of the variable language", () => {
    expect(offersFor("#{if Po", "", NAMES, "text")?.from).toBe(5);
    expect(offersFor("#{each server in D", "", NAMES, "text")?.from).toBe(17);
    expect(offersFor("#{Port | To", "", NAMES, "text")).toBeUndefined();
  });

  it("offers helpers of the language elsewhere, once a word has begun or when asked", () => {
    expect(offersFor("se", "", NAMES, "bash")?.offers.map((each) => each.label)).toContain(
      "set_octopusvariable",
    );
    expect(offersFor("  Set-Oc", "", NAMES, "powershell")?.from).toBe(2);
    expect(offersFor("", "", NAMES, "python")).toBeUndefined();
    expect(offersFor("", "", NAMES, "python", true)?.offers.map((each) => each.label)).toContain(
      "createartifact",
    );
    expect(offersFor("set", "", NAMES, "json")).toBeUndefined();
  });
});
