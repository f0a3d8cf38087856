import type { Schema } from "../api/types";
import type { Message } from "../text";

/** Something the palette can go to or do. */
export interface Found {
  id: string;
  text: string;
  /** What kind of thing it is, or where it stands. */
  about: Message;
  to?: string;
  act?: () => void;
}

const PLACES: Record<string, (id: string) => string> = {
  Project: (id) => `projects/${id}`,
  ProjectGroup: (id) => `projects?group=${id}`,
  Environment: (id) => `infrastructure/environments/${id}`,
  DeploymentTarget: (id) => `infrastructure/machines/${id}`,
  WorkerPool: () => "infrastructure/workers",
  Account: (id) => `infrastructure/accounts/${id}`,
  Lifecycle: (id) => `library/lifecycles/${id}`,
  Feed: (id) => `library/feeds/${id}`,
  Certificate: (id) => `library/certificates/${id}`,
  LibraryVariableSet: (id) => `library/variable-sets/${id}`,
  Release: (id) => `releases/${id}`,
};

const WORDS: Record<string, Message> = {
  Project: "Project",
  Environment: "Environment",
  Account: "Account",
  Lifecycle: "Lifecycle",
  Feed: "Feed",
  Certificate: "Certificate",
  Release: "Release",
  DeploymentTarget: "Deployment target",
  ProjectGroup: "Project group",
  WorkerPool: "Worker pool",
  LibraryVariableSet: "Variable set",
};

/** What the server found, as places of the portal. Kinds without a page are left out. */
export function placesOf(results: readonly Schema["SpaceSearchResult"][], spaceId: string): Found[] {
  return results.flatMap(({ Id, Name, Type }) => {
    const place = PLACES[Type];
    return place ? [{ id: Id, text: Name, about: WORDS[Type] ?? Type, to: `/${spaceId}/${place(Id)}` }] : [];
  });
}

/** A task or deployment somebody named by its id, or by its number alone. */
export function taskOf(text: string, spaceId: string): Found[] {
  const named = /^(?:ServerTasks-)?(\d+)$/i.exec(text.trim());
  if (!named) return [];
  const id = `ServerTasks-${named[1]}`;
  return [{ id, text: id, about: "Task", to: `/${spaceId}/tasks/${id}` }];
}

/** Those whose words begin with every word typed, the better ones first. */
export function matching(all: readonly Found[], text: string): Found[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = (found: Found): number => {
    const name = found.text.toLowerCase();
    const parts = `${name} ${found.about.toLowerCase()}`.split(/[\s/·:-]+/);
    if (!words.every((word) => parts.some((part) => part.startsWith(word)) || name.includes(word))) return -1;
    return name.startsWith(words[0] ?? "") ? 0 : 1;
  };
  return all
    .map((found) => ({ found, at: rank(found) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ found }) => found);
}
