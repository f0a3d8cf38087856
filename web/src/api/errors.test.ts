import { describe, expect, it } from "vitest";
import { byField } from "./errors";

describe("what was refused", () => {
  it("stands beside the field it names, without the field's address in the API", () => {
    const told = byField(
      ["OpenIdConnect.Issuer: 'nowhere' is not an address. Write it as https://login.example.com."],
      ["Name", "Issuer"],
    );
    expect([...told]).toEqual([
      ["Issuer", ["'nowhere' is not an address. Write it as https://login.example.com."]],
    ]);
  });

  it("keeps its words where the field is a part of the sentence, or no field takes it", () => {
    const told = byField(["Name is empty.", "Steps[0].Name: it is taken."], ["Name"]);
    expect(told.get("Name")).toEqual(["Name is empty.", "it is taken."]);
    expect(byField(["OpenIdConnect.Issuer: no."], ["Name"]).get("")).toEqual(["OpenIdConnect.Issuer: no."]);
  });
});
