/** What the address of a project's list of releases holds. */
export interface ListSearch {
  channel?: string;
  version?: string;
  page?: number;
}

const text = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

/** Keeps what is known of the address of a list. A version such as 1.10 is text, never a number. */
export function listSearch(search: Record<string, unknown>): ListSearch {
  const page = Number(search.page);
  return {
    ...(text(search.channel) && { channel: text(search.channel) }),
    ...(text(search.version) && { version: text(search.version) }),
    ...(Number.isInteger(page) && page > 1 && { page }),
  };
}

/** What the address of the page of a release holds: which one it is compared with, and whether it is edited. */
export interface ReleaseSearch {
  compare?: string;
  /** The deployment that is compared, where it is not the release. */
  deployment?: string;
  edit?: boolean;
}

export function releaseSearch(search: Record<string, unknown>): ReleaseSearch {
  return {
    ...(text(search.compare) && { compare: text(search.compare) }),
    ...(text(search.deployment) && { deployment: text(search.deployment) }),
    ...(search.edit === true && { edit: true }),
  };
}
