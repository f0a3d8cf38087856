import { describe, expect, it } from "vitest";
import { afterSaving, changed, clashes, draftOf, hasMoved, rebased } from "./drafting";

const LOADED = { Version: 3, Name: "web", About: "", Tags: ["a"] };

describe("a form over something loaded", () => {
  it("shows what is loaded until something is typed, and then what it was begun with", () => {
    expect(draftOf(undefined, LOADED)).toBe(LOADED);
    const held = changed(undefined, LOADED, { Name: "shop" });
    expect(draftOf(held, { ...LOADED, Version: 4, About: "theirs" })).toEqual({ ...LOADED, Name: "shop" });
  });

  it("notices that somebody else has saved, by the version", () => {
    const held = changed(undefined, LOADED, { Name: "shop" });
    expect(hasMoved(held, { ...LOADED })).toBe(false);
    expect(hasMoved(held, { ...LOADED, Version: 4 })).toBe(true);
    expect(hasMoved(undefined, { ...LOADED, Version: 4 })).toBe(false);
    expect(hasMoved({ base: { Name: "a" }, changes: {} }, { Name: "b" })).toBe(false);
  });

  it("puts its changes on top of theirs and names what both have changed", () => {
    const held = changed(changed(undefined, LOADED, { Name: "shop" }), LOADED, { Tags: ["a", "b"] });
    const theirs = { Version: 4, Name: "store", About: "theirs", Tags: ["a"] };
    expect(clashes(held, theirs)).toEqual(["Name"]);
    const again = rebased(held, theirs);
    expect(draftOf(again, theirs)).toEqual({ Version: 4, Name: "shop", About: "theirs", Tags: ["a", "b"] });
    expect(hasMoved(again, theirs)).toBe(false);
    expect(clashes(held, { ...theirs, Name: "shop" })).toEqual([]);
  });

  it("keeps what was typed while it was being saved", () => {
    const sent = { ...LOADED, Name: "shop" };
    const typing = changed(changed(undefined, LOADED, { Name: "shop" }), LOADED, { About: "typed mean" });
    const saved = { ...sent, Version: 4 };
    const left = afterSaving(typing, sent, saved);
    expect(left).toEqual({ base: saved, changes: { About: "typed mean" } });
    expect(afterSaving(changed(undefined, LOADED, { Name: "shop" }), sent, saved)).toBeUndefined();
    expect(afterSaving(undefined, sent, saved)).toBeUndefined();
  });
});
