import {
  IconArrowsExchange,
  IconBell,
  IconBox,
  IconBoxMultiple,
  IconBuildingWarehouse,
  IconCertificate,
  IconFolder,
  IconHeartbeat,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconListDetails,
  IconRocket,
  IconRoute,
  IconServer2,
  IconServerCog,
  IconSettings,
  IconShieldLock,
  IconStack2,
  IconUsers,
  IconUsersGroup,
  IconVariable,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { Message } from "../text";

export interface Place {
  text: Message;
  /** Below the space, or below the server for `system`. */
  to: string;
  icon: ComponentType<{ size?: number | string; stroke?: number }>;
  /** Keys after `g` that go there. */
  key?: string;
  /** The permission without which it is not shown. */
  needs?: string;
  exact?: boolean;
  /** Other addresses whose pages belong here. */
  also?: readonly string[];
  /** Only the palette knows it. */
  unlisted?: boolean;
}

export interface Section {
  title: Message;
  system?: boolean;
  places: readonly Place[];
}

/** Every place of the navigation, also for the palette and the shortcuts. A feature adds its line here. */
export const SECTIONS: readonly Section[] = [
  {
    title: "Deploy",
    places: [
      { text: "Dashboard", to: "", icon: IconLayoutDashboard, key: "d", exact: true },
      {
        text: "Projects",
        to: "projects",
        icon: IconFolder,
        key: "p",
        needs: "ProjectView",
        also: ["releases"],
      },
      { text: "Tasks", to: "tasks", icon: IconListDetails, key: "t", needs: "TaskView" },
      { text: "First deployment", to: "begin", icon: IconRocket, unlisted: true },
    ],
  },
  {
    title: "Infrastructure",
    places: [
      {
        text: "Environments",
        to: "infrastructure/environments",
        icon: IconStack2,
        key: "e",
        needs: "EnvironmentView",
      },
      {
        text: "Targets",
        to: "infrastructure/machines",
        icon: IconServer2,
        key: "m",
        needs: "MachineView",
      },
      { text: "Workers", to: "infrastructure/workers", icon: IconServerCog, needs: "WorkerView" },
      {
        text: "Machine policies",
        to: "infrastructure/policies",
        icon: IconHeartbeat,
        needs: "MachinePolicyView",
      },
      { text: "Accounts", to: "infrastructure/accounts", icon: IconKey, needs: "AccountView" },
      { text: "Proxies", to: "infrastructure/proxies", icon: IconArrowsExchange, needs: "ProxyView" },
    ],
  },
  {
    title: "Library",
    places: [
      { text: "Packages", to: "library/packages", icon: IconBox, needs: "FeedView" },
      { text: "Feeds", to: "library/feeds", icon: IconBuildingWarehouse, needs: "FeedView" },
      {
        text: "Variable sets",
        to: "library/variable-sets",
        icon: IconVariable,
        key: "v",
        needs: "LibraryVariableSetView",
      },
      { text: "Lifecycles", to: "library/lifecycles", icon: IconRoute, needs: "LifecycleView" },
      {
        text: "Certificates",
        to: "library/certificates",
        icon: IconCertificate,
        needs: "CertificateView",
      },
    ],
  },
  {
    title: "Space",
    places: [
      { text: "Teams", to: "teams", icon: IconUsersGroup, needs: "TeamView" },
      { text: "Subscriptions", to: "subscriptions", icon: IconBell, needs: "SubscriptionView" },
      { text: "Audit", to: "audit", icon: IconHistory, needs: "EventView" },
    ],
  },
  {
    title: "Configuration",
    system: true,
    places: [
      { text: "Users", to: "users", icon: IconUsers, needs: "UserView" },
      { text: "Teams", to: "teams", icon: IconUsersGroup, needs: "TeamView" },
      { text: "Roles", to: "roles", icon: IconShieldLock, needs: "UserRoleView" },
      { text: "Spaces", to: "spaces", icon: IconBoxMultiple, needs: "SpaceView" },
      { text: "Nodes", to: "nodes", icon: IconServerCog, needs: "ConfigureServer" },
      { text: "Settings", to: "settings", icon: IconSettings, needs: "ConfigureServer" },
      { text: "Subscriptions", to: "subscriptions", icon: IconBell, needs: "AdministerSystem" },
      { text: "Audit", to: "audit", icon: IconHistory, needs: "EventView" },
    ],
  },
];
