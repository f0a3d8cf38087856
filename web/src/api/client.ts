import { Refusal, Unreachable } from "./errors";
import { base, installation } from "./place";
import type { Answer, BodyOf, Method, PathOf, PathValues, Query } from "./types";

interface Asked<P extends string> {
  path?: PathValues<P>;
  query?: Query;
  signal?: AbortSignal;
}

interface Told<M extends Method, P extends PathOf<M>> extends Asked<P> {
  body?: BodyOf<M, P>;
}

/** The address of an API path below this server's prefix: `address("/api/{spaceId}/tasks", { spaceId })`. */
export function address(template: string, path: Record<string, string> = {}, query: Query = {}): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ""));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "") continue;
    search.set(name, Array.isArray(value) ? value.join(",") : String(value));
  }
  const text = search.toString();
  return `${base}${filled}${text ? `?${text}` : ""}`;
}

/** The value a request that changes something carries against requests from other sites. */
export function csrfToken(): string {
  const found = document.cookie
    .split("; ")
    .find((each) => each.startsWith(`Octopus-Csrf-Token_${installation}=`));
  return found ? decodeURIComponent(found.slice(found.indexOf("=") + 1)) : "";
}

async function refused(answer: Response): Promise<Refusal> {
  const body = (await answer.json().catch(() => ({}))) as {
    ErrorMessage?: string;
    Errors?: string[];
    Details?: unknown;
  };
  const headline = body.ErrorMessage ?? `The server answered ${answer.status} ${answer.statusText}.`;
  return new Refusal(answer.status, headline, body.Errors, body.Details);
}

/** The event of the window that says that the server no longer knows who asks. */
export const SIGNED_OUT = "gurita-signed-out";

/** Sends a request as it is. Throws Refusal for an answer that is no success, Unreachable where there is none. */
export async function send(url: string, options: RequestInit = {}): Promise<Response> {
  const headers = new Headers(options.headers);
  if (options.method && options.method !== "GET") headers.set("X-Octopus-Csrf-Token", csrfToken());
  let answer: Response;
  try {
    answer = await fetch(url, { credentials: "same-origin", ...options, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(error);
  }
  if (answer.status === 401) window.dispatchEvent(new Event(SIGNED_OUT));
  if (!answer.ok) throw await refused(answer);
  return answer;
}

async function ask(method: Method, template: string, told: Told<Method, never>): Promise<unknown> {
  const { path, query, signal, body } = told as { path?: Record<string, string> } & Told<Method, never>;
  const options: RequestInit = { method: method.toUpperCase(), signal: signal ?? null };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  const answer = await send(address(template, path, query), options);
  const text = await answer.text();
  return text ? JSON.parse(text) : undefined;
}

/** Reads: `get("/api/{spaceId}/machines/{id}", { path: { spaceId, id } })`. */
export const get = <P extends PathOf<"get">>(template: P, told: Asked<P> = {}) =>
  ask("get", template, told as Told<Method, never>) as Promise<Answer<"get", P>>;

/** Makes something, or has something done. */
export const post = <P extends PathOf<"post">>(template: P, told: Told<"post", P> = {}) =>
  ask("post", template, told as Told<Method, never>) as Promise<Answer<"post", P>>;

/** Writes what was read back, changed. A stale `Version` is refused with 409. */
export const put = <P extends PathOf<"put">>(template: P, told: Told<"put", P> = {}) =>
  ask("put", template, told as Told<Method, never>) as Promise<Answer<"put", P>>;

/** Ids of what was deleted from this page: while it stands there still, nothing of them is asked for again. */
export const gone = new Set<string>();

/** Deletes. What the server only begins to delete, it answers with a task for; that is still there. */
export async function remove<P extends PathOf<"delete">>(template: P, told: Asked<P> = {}) {
  const id =
    (told.path as Record<string, string> | undefined)?.[/\{(\w+)\}$/.exec(template)?.[1] ?? ""] ?? "";
  gone.add(id);
  try {
    const answer = (await ask("delete", template, told as Told<Method, never>)) as Answer<"delete", P>;
    if ((answer as { State?: string } | undefined)?.State) gone.delete(id);
    return answer;
  } catch (refused) {
    gone.delete(id);
    throw refused;
  }
}
