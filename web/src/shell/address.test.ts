import { expect, test } from "vitest";
import { day, oneOf, page, someOf, text, texts } from "./address";

test("what an address says is text, whatever the router took it for", () => {
  expect([text("web"), text(12), text(0), text(true)]).toEqual(["web", "12", "0", "true"]);
});

test("what says nothing is nothing, and told to be", () => {
  expect([text(""), text(undefined), text(null), text(["a"])]).toEqual(Array(4).fill(undefined));
  const said = texts({ q: 12, tab: { a: 1 }, other: "x" }, ["q", "tab", "open"]);
  expect(said).toStrictEqual({ q: "12", tab: undefined, open: undefined });
});

test("words, pages and days are those there are", () => {
  expect([oneOf(["a", "b"], "b"), oneOf(["a"], "c")]).toEqual(["b", undefined]);
  expect([someOf(["a", "b"], "b,x,a"), someOf(["a"], "x,,")]).toEqual(["b,a", undefined]);
  expect([page(3), page("3"), page(1), page(-3), page(1.5), page("x")]).toEqual([
    3,
    3,
    ...Array(4).fill(undefined),
  ]);
  expect([day("2024-02-29"), day("2023-02-29"), day("2026-99-99"), day("soon"), day(2026)]).toEqual([
    "2024-02-29",
    ...Array(4).fill(undefined),
  ]);
});
