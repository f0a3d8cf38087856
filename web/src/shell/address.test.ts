import { expect, test } from "vitest";
import { text, texts } from "./address";

test("what an address says is text, whatever the router took it for", () => {
  expect([text("web"), text(12), text(0), text(true)]).toEqual(["web", "12", "0", "true"]);
});

test("what says nothing is nothing, and told to be", () => {
  expect([text(""), text(undefined), text(null), text(["a"])]).toEqual(Array(4).fill(undefined));
  const said = texts({ q: 12, tab: { a: 1 }, other: "x" }, ["q", "tab", "open"]);
  expect(said).toStrictEqual({ q: "12", tab: undefined, open: undefined });
});
