import { texts } from "../../shell/address";

/** What the address of the deploy page holds: ids, joined with commas. */
export interface DeploySearch {
  environment?: string;
  skip?: string;
  only?: string;
  without?: string;
  /** The name of the saved filter whose targets alone take part. */
  filter?: string;
  /** "choose" while changed variables are chosen value by value. */
  values?: string;
}

const NAMES = ["environment", "skip", "only", "without", "filter", "values"] as const;

/** Keeps what is known of an address's search. */
export const deploySearch = (search: Record<string, unknown>): DeploySearch => texts(search, NAMES);

/** The ids of a part of the address. */
export const ids = (text: string | undefined): string[] => (text ? text.split(",").filter(Boolean) : []);

/** Ids as a part of the address; nothing for none. */
export const joined = (list: readonly string[]): string | undefined => list.join(",") || undefined;
