interface Reference {
  ReferencedDocumentId: string;
  StartIndex: number;
  Length: number;
}

/** A piece of an event's message; one that names a document has its id. */
export interface Piece {
  text: string;
  document?: string;
}

/**
 * The message of an event in pieces, so that the documents it names can be links.
 *
 * Positions count characters (code points), while JavaScript counts UTF-16 units. References that overlap or stick out
 * are left out: the text is whole in any case.
 */
export function pieces(message: string, references: readonly Reference[]): Piece[] {
  const letters = [...message];
  const found: Piece[] = [];
  let at = 0;
  for (const one of [...references].sort((a, b) => a.StartIndex - b.StartIndex)) {
    const end = one.StartIndex + one.Length;
    if (one.StartIndex < at || one.Length <= 0 || end > letters.length) continue;
    if (one.StartIndex > at) found.push({ text: letters.slice(at, one.StartIndex).join("") });
    found.push({ text: letters.slice(one.StartIndex, end).join(""), document: one.ReferencedDocumentId });
    at = end;
  }
  if (at < letters.length || found.length === 0) found.push({ text: letters.slice(at).join("") });
  return found;
}

/** Where a kind of document has its page: below its space, or below the server. */
const PLACES: Record<string, string> = {
  projects: "/$space/projects/$id",
  releases: "/$space/releases/$id",
  deployments: "/$space/deployments/$id",
  servertasks: "/$space/tasks/$id",
  machines: "/$space/infrastructure/machines/$id",
  environments: "/$space/infrastructure/environments/$id",
  accounts: "/$space/infrastructure/accounts/$id",
  certificates: "/$space/infrastructure/certificates/$id",
  machinepolicies: "/$space/infrastructure/policies/$id",
  lifecycles: "/$space/library/lifecycles/$id",
  libraryvariablesets: "/$space/library/variable-sets/$id",
  subscriptions: "/$space/subscriptions/$id",
  users: "/configuration/users/$id",
  teams: "/configuration/teams/$id",
  userroles: "/configuration/roles/$id",
  spaces: "/configuration/spaces/$id",
  identityproviders: "/configuration/providers/$id",
  octopusservernodes: "/configuration/nodes",
  events: "/$space/audit/$id",
};

/** The address of a document's page by its id, "" for a kind that has none. Whether the page exists the router knows. */
export function addressOf(document: string, spaceId: string | null | undefined): string {
  const [kind = "", ...rest] = document.split("-");
  if (rest.length === 0) return "";
  const place = PLACES[kind.toLowerCase()];
  if (!place || (place.startsWith("/$space") && !spaceId)) return "";
  return place.replace("$space", spaceId ?? "").replace("$id", encodeURIComponent(document));
}
