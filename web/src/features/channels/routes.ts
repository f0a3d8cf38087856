import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { projectRoute } from "../projects/shared";

/** Which channel is open: its id, or `new`. */
export interface ChannelSearch {
  channel?: string;
}

const channels = createRoute({
  getParentRoute: () => projectRoute,
  path: "channels",
  validateSearch: (search: Record<string, unknown>): ChannelSearch =>
    typeof search.channel === "string" && search.channel ? { channel: search.channel } : {},
  component: lazyRouteComponent(() => import("./ChannelsPage"), "ChannelsPage"),
});

export const channelRoutes = [channels] as const;
