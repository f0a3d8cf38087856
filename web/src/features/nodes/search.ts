import { texts } from "../../shell/address";

/** Which part of the page is shown, and the text the log is filtered by. */
export interface NodesSearch {
  tab?: string;
  q?: string;
}

export const nodesSearch = (search: Record<string, unknown>): NodesSearch => texts(search, ["tab", "q"]);
