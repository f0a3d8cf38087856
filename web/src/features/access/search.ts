import { texts } from "../../shell/address";

/** What lists say in the address: the text they are filtered by. */
export interface ListSearch {
  q?: string;
}

export const listSearch = (search: Record<string, unknown>): ListSearch => texts(search, ["q"]);

/** What the page of a role says: the text permissions are filtered by, and the role a new one begins as. */
export interface RoleSearch {
  from?: string;
  q?: string;
}

export const roleSearch = (search: Record<string, unknown>): RoleSearch => texts(search, ["from", "q"]);

/** What pages of people say: the tab, and the question that is being answered. */
export interface PersonSearch {
  tab?: string;
  q?: string;
  space?: string;
  permission?: string;
  project?: string;
  environment?: string;
}

export const personSearch = (search: Record<string, unknown>): PersonSearch =>
  texts(search, ["tab", "q", "space", "permission", "project", "environment"]);
