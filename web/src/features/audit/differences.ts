/** A line of what an event changed. Texts are as people read them; `secret` says that the values are not told. */
export interface Change {
  path: string;
  kind: "added" | "removed" | "changed" | "moved" | "more";
  before?: string | undefined;
  after?: string | undefined;
  secret?: boolean;
}

interface Details {
  DocumentContext?: unknown;
  Differences?: readonly Record<string, unknown>[];
}

const MOST = 300;

const isSecret = (value: unknown): value is { HasValue: boolean } =>
  typeof value === "object" && value !== null && !Array.isArray(value) && "HasValue" in value;

const unescaped = (part: string) => part.replaceAll("~1", "/").replaceAll("~0", "~");

/** A path of the API ("/Steps/Id-1/Name") with its parts apart. */
export const words = (path: string): string =>
  path.split("/").slice(1).map(unescaped).join(" › ") || "(everything)";

/** A value on one line or several: texts bare, secrets only by whether there is one, the rest as JSON. */
export function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return "nothing";
  if (isSecret(value)) return value.HasValue ? "a secret is set" : "no secret";
  if (typeof value === "string") return value === "" ? "(empty)" : value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value) && value.every((each) => typeof each === "string" || typeof each === "number"))
    return value.length === 0 ? "(none)" : value.join(", ");
  return typeof value === "object" ? JSON.stringify(value, null, 2) : String(value);
}

const KINDS: Record<string, Change["kind"]> = {
  add: "added",
  remove: "removed",
  replace: "changed",
  reorder: "moved",
  more: "more",
};

function ofDifference(one: Record<string, unknown>): Change {
  const secret = isSecret(one.OldValue) || isSecret(one.Value);
  const same = secret && shown(one.OldValue) === shown(one.Value);
  return {
    path: words(String(one.Path ?? "")),
    kind: KINDS[String(one.Op)] ?? "changed",
    before: shown(one.OldValue),
    after: same ? "another secret is set" : shown(one.Value),
    ...(secret ? { secret } : {}),
  };
}

function* members(value: unknown, path: string): Generator<readonly [string, unknown]> {
  const plain = typeof value === "object" && value !== null && !Array.isArray(value) && !isSecret(value);
  if (!plain) {
    yield [path, value];
    return;
  }
  for (const [name, inside] of Object.entries(value as object)) {
    if (name === "Links") continue;
    yield* members(inside, `${path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  }
}

const says = (value: unknown) =>
  value !== null && value !== "" && value !== false && !(Array.isArray(value) && value.length === 0);

/**
 * What an event changed, line by line: the differences, or the members of what was made or deleted that say something.
 *
 * `category` tells a deleted document from a new one. Secrets are never told, only that they changed.
 */
export function changes(details: Details | undefined, category: string): Change[] {
  if (details?.Differences?.length) return details.Differences.slice(0, MOST).map(ofDifference);
  if (details?.DocumentContext === null || details?.DocumentContext === undefined) return [];
  const gone = category.endsWith("Deleted");
  return [...members(details.DocumentContext, "")]
    .filter(([, value]) => says(value))
    .slice(0, MOST)
    .map(([path, value]) => ({
      path: words(path),
      kind: gone ? "removed" : "added",
      [gone ? "before" : "after"]: shown(value),
      ...(isSecret(value) ? { secret: true } : {}),
    }));
}
