import { get } from "../../api/client";
import type { Line } from "./log/lines";

/** The last pieces of an activity's log as ranges to read, newest lines kept: at most `most` lines. */
export function lastPieces(
  runs: readonly (readonly number[])[],
  most: number,
): { first: number; take: number }[] {
  const found: { first: number; take: number }[] = [];
  let left = most;
  for (const [first = 0, size = 0] of runs.toReversed()) {
    if (left <= 0) break;
    const take = Math.min(size, left);
    found.unshift({ first: first + size - take, take });
    left -= take;
  }
  return found;
}

/** The last lines an activity wrote. */
export async function lastLines(
  id: string,
  node: string,
  most: number,
  signal: AbortSignal,
): Promise<Line[]> {
  const { Runs } = await get("/api/tasks/{id}/log/map", { path: { id }, query: { node }, signal });
  const lines: Line[] = [];
  for (const piece of lastPieces(Runs, most).slice(-4)) {
    const answer = await get("/api/tasks/{id}/log", { path: { id }, query: piece, signal });
    lines.push(...answer.Lines);
  }
  return lines;
}
