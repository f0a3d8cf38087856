import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { projectRoute } from "../projects/shared";
import { channelSearch } from "./search";

const channels = createRoute({
  getParentRoute: () => projectRoute,
  path: "channels",
  validateSearch: channelSearch,
  component: lazyRouteComponent(() => import("./ChannelsPage"), "ChannelsPage"),
});

export const channelRoutes = [channels] as const;
