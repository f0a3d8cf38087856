import { address } from "../api/client";
import type { Query } from "../api/types";
import { word } from "../text/shell";

/** A request as people repeat it elsewhere. */
export interface Repeatable {
  method: "GET" | "POST" | "PUT" | "DELETE";
  template: string;
  path?: Record<string, string>;
  query?: Query;
  body?: unknown;
  /** The same as a command, without secrets: `gurita release create …`. */
  command?: string;
}

/** The request for curl, with the key left for the reader to set. */
export function asCurl({ method, template, path, query, body }: Repeatable, origin: string): string {
  const lines = [`curl -X ${method} ${word(origin + address(template, path, query))}`];
  lines.push(`  -H "X-Octopus-ApiKey: $GURITA_API_KEY"`);
  if (body !== undefined) {
    lines.push("  -H 'Content-Type: application/json'");
    lines.push(`  --data ${word(JSON.stringify(body, null, 2))}`);
  }
  return lines.join(" \\\n");
}
