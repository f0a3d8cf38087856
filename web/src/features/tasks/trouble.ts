import type { Schema } from "../../api/types";
import { type Activity, each } from "./tree";

/** Neighbouring lines of a log that are shown together. */
export interface Excerpt {
  node: string;
  lines: { number: number; text: string; grave: boolean }[];
}

type Hit = Schema["LogHits"]["Lines"][number];

/** Errors with what stands around them: those near each other become one piece, verbose lines are left out. */
export function excerptsOf(hits: readonly Hit[]): Excerpt[] {
  const found: Excerpt[] = [];
  for (const hit of hits) {
    const last = found.at(-1);
    const lines = [...hit.Before, hit, ...hit.After]
      .filter((line) => line === hit || line.Category !== "Verbose")
      .map((line) => ({
        number: line.Number,
        text: line.Text,
        grave: line.Category === "Error" || line.Category === "Fatal",
      }));
    const end = last?.lines.at(-1)?.number ?? -2;
    const first = Math.min(hit.Number, ...hit.Before.map((line) => line.Number));
    if (last && last.node === hit.Node && first <= end + 1)
      last.lines.push(...lines.filter((line) => line.number > end));
    else found.push({ node: hit.Node ?? "", lines });
  }
  return found;
}

/** The activities on targets that failed and stayed so, in the order of the tree. */
export function failures(root: Activity): Activity[] {
  return [...each(root)].filter(
    (one) => one.Status === "Failed" && one.children.length === 0 && one !== root,
  );
}
