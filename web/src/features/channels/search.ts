import { texts } from "../../shell/address";

/** Which channel is open: its id, or `new`. */
export interface ChannelSearch {
  channel?: string;
}

export const channelSearch = (search: Record<string, unknown>): ChannelSearch => texts(search, ["channel"]);
