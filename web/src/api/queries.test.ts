import { afterEach, describe, expect, it, vi } from "vitest";
import { gone, remove } from "./client";
import { queries, reading, stale } from "./queries";

vi.mock("./place", () => ({ base: "", installation: "" }));

const space = { spaceId: "Spaces-1" };
const accounts = reading("other", "/api/{spaceId}/accounts/all", { path: space });
const one = reading("other", "/api/{spaceId}/accounts/{id}", { path: { ...space, id: "Accounts-1" } });
const bySlug = reading("project", "/api/{spaceId}/projects/{id}", { path: { ...space, id: "web" } });
const channels = reading("other", "/api/{spaceId}/projects/{project_id}/channels", {
  path: { ...space, project_id: "Projects-1" },
});
const log = reading("other", "/api/tasks/{id}/log", { path: { id: "ServerTasks-1" } });
const all = { accounts, one, bySlug, channels, log };

function known(): void {
  for (const { queryKey } of Object.values(all))
    queries.setQueryData(queryKey, { Id: "Accounts-9" } as never);
  queries.setQueryData(bySlug.queryKey, { Id: "Projects-1" } as never);
}

const old = (): string[] =>
  Object.entries(all)
    .filter(([, { queryKey }]) => queries.getQueryState(queryKey)?.isInvalidated)
    .map(([name]) => name);

const answers = (status: number, body: string) =>
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status })));

afterEach(() => {
  gone.clear();
  queries.clear();
  vi.unstubAllGlobals();
});

describe("what a change makes stale", () => {
  it("is what names its kind, and for a part of the API what is read below it", () => {
    known();
    stale("accounts");
    expect(old()).toEqual(["accounts", "one"]);
    stale("channels", "project");
    expect(old()).toEqual(["accounts", "one", "bySlug", "channels"]);
  });

  it("is not the log of a task, though that is read below a path of like name", () => {
    known();
    stale("task", "machine");
    expect(old()).toEqual([]);
    stale("other");
    expect(old()).toEqual(["accounts", "one", "channels", "log"]);
  });
});

describe("what was deleted here", () => {
  it("is marked as old, and not asked for again while its page still stands", async () => {
    vi.stubGlobal("document", { cookie: "" });
    known();
    answers(200, "");
    const asked = vi.spyOn(queries, "invalidateQueries");
    await remove("/api/{spaceId}/accounts/{id}", { path: { ...space, id: "Accounts-1" } });
    await remove("/api/{spaceId}/projects/{id}", { path: { ...space, id: "Projects-1" } });
    stale("other", "project");
    const fits = asked.mock.calls[0]?.[0]?.predicate;
    const asking = queries
      .getQueryCache()
      .getAll()
      .filter((query) => fits?.(query));
    expect(asking.map((query) => query.queryKey[1])).toEqual([
      "/api/{spaceId}/accounts/all",
      "/api/tasks/{id}/log",
    ]);
    expect(old()).toEqual(["accounts", "one", "bySlug", "channels", "log"]);
  });

  it("is there still if the server refused, or only began a task that deletes it", async () => {
    vi.stubGlobal("document", { cookie: "" });
    answers(409, '{"ErrorMessage": "In use."}');
    const path = { ...space, id: "Accounts-1" };
    await expect(remove("/api/{spaceId}/accounts/{id}", { path })).rejects.toThrow("In use.");
    answers(200, '{"Id": "ServerTasks-7", "State": "Queued"}');
    await remove("/api/spaces/{id}", { path: { id: "Spaces-2" } });
    expect([...gone]).toEqual([]);
    answers(200, "");
    await remove("/api/{spaceId}/accounts/{id}", { path });
    expect([...gone]).toEqual(["Accounts-1"]);
  });
});
