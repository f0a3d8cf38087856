import { page, texts } from "../../shell/address";

/** What the address of a project's list of releases holds. */
export interface ListSearch {
  channel?: string;
  version?: string;
  page?: number;
}

/** Keeps what is known of the address of a list. A version such as 1.10 is text, never a number. */
export function listSearch(search: Record<string, unknown>): ListSearch {
  return { ...texts(search, ["channel", "version"]), page: page(search.page) };
}

/** What the address of the page of a release holds: which one it is compared with, and whether it is edited. */
export interface ReleaseSearch {
  compare?: string;
  /** The deployment that is compared, where it is not the release. */
  deployment?: string;
  edit?: boolean;
}

export function releaseSearch(search: Record<string, unknown>): ReleaseSearch {
  return { ...texts(search, ["compare", "deployment"]), edit: search.edit === true || undefined };
}
