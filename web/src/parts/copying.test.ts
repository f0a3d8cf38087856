import { beforeAll, describe, expect, it, vi } from "vitest";

describe("a request to be repeated elsewhere", () => {
  beforeAll(() => {
    vi.stubGlobal("document", { documentElement: { dataset: { base: "/deploy" } }, cookie: "" });
  });

  it("is a curl command with its path filled, its body quoted and no key in it", async () => {
    const { asCurl } = await import("./copying");
    const text = asCurl(
      {
        method: "POST",
        template: "/api/{spaceId}/projects",
        path: { spaceId: "Spaces-1" },
        body: { Name: "It's here" },
      },
      "https://gurita.example",
    );
    expect(text).toContain("curl -X POST https://gurita.example/deploy/api/Spaces-1/projects ");
    expect(text).toContain("$GURITA_API_KEY");
    expect(text).toContain(`It'\\''s here`);
  });
});
