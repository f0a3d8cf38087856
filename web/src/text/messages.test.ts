import { describe, expect, it } from "vitest";
import { filled, formOf } from "./messages";

describe("a message", () => {
  it("has its places filled, and shows those nobody filled", () => {
    expect(filled("Deploy {{release}} to {{count}} targets", { release: "1.0", count: 12 })).toBe(
      "Deploy 1.0 to 12 targets",
    );
    expect(filled("Hello {{name}}", {})).toBe("Hello {{name}}");
  });

  it("does not read values as messages", () => {
    expect(filled("{{a}}", { a: "{{b}}", b: "no" })).toBe("{{b}}");
    expect(filled("{{a}}", { a: "$&" })).toBe("$&");
  });

  it("takes the form for one as the language counts", () => {
    const both = ["{{count}} machines", "{{count}} machine"] as const;
    expect(formOf(...both, 1, "en")).toBe("{{count}} machine");
    expect(formOf(...both, 0, "en")).toBe("{{count}} machines");
    expect(formOf(...both, 0, "fr")).toBe("{{count}} machine");
  });
});
