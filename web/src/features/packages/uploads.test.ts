import { describe, expect, it } from "vitest";
import { after, ended, type Happened, percent, type Upload } from "./uploads";

const run = (...happened: Happened[]): Upload[] => happened.reduce<Upload[]>(after, []);
const chosen: Happened = {
  what: "chosen",
  files: [
    { id: 1, name: "a.1.0.zip", size: 200 },
    { id: 2, name: "b.zip", size: 0 },
  ],
};

describe("uploads", () => {
  it("tell how far they are, and that the server checks what has arrived", () => {
    const half = run(chosen, { what: "sent", id: 1, bytes: 99 });
    expect([half[0]?.state, half[0] && percent(half[0])]).toEqual(["sending", 49]);
    const whole = run(chosen, { what: "sent", id: 1, bytes: 200 });
    expect(whole[0]?.state).toBe("checking");
    expect(whole[1] && percent(whole[1])).toBe(100);
  });

  it("are refused each for itself, in the server's words", () => {
    const found = run(
      chosen,
      { what: "refused", id: 2, sentences: ["No version in the name."] },
      { what: "done", id: 1, packageId: "a", version: "1.0" },
    );
    expect(found.map((each) => each.state)).toEqual(["done", "refused"]);
    expect(found[1]?.sentences).toEqual(["No version in the name."]);
  });

  it("stay canceled when a late answer comes", () => {
    const found = run(chosen, { what: "canceled", id: 1 }, { what: "sent", id: 1, bytes: 200 });
    expect(found[0]?.state).toBe("canceled");
  });

  it("may be tried again once they have ended, and not before", () => {
    const again: Happened = { what: "again", id: 1 };
    const broke: Happened = { what: "refused", id: 1, sentences: ["The line broke."] };
    expect(run(chosen, broke, again)[0]).toMatchObject({ state: "waiting", sent: 0, sentences: [] });
    const going = run(chosen, broke, again, { what: "sent", id: 1, bytes: 99 }, again);
    expect(going[0]).toMatchObject({ state: "sending", sent: 99 });
  });

  it("are cleared when they have ended, the others go on", () => {
    const found = run(chosen, { what: "canceled", id: 1 }, { what: "cleared" });
    expect(found.map((each) => each.id)).toEqual([2]);
    expect(found.every(ended)).toBe(false);
  });
});
