import { get } from "../../api/client";
import type { Line } from "./log/lines";
import { lastPieces } from "./log/segments";

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
