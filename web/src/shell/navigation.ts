import {
  IconActivity,
  IconBinaryTree2,
  IconBox,
  IconBuildingWarehouse,
  IconCertificate,
  IconGitBranch,
  IconKey,
  IconLayoutDashboard,
  IconListDetails,
  IconServer2,
  IconShieldCheck,
  IconStack2,
  IconUsers,
  IconUsersGroup,
  IconVariable,
  IconWorld,
} from "@tabler/icons-react";
import type { ComponentType } from "react";

export interface Place {
  text: string;
  /** Below the space, or below the server for `system`. */
  to: string;
  icon: ComponentType<{ size?: number | string; stroke?: number }>;
  /** Keys after `g` that go there. */
  key?: string;
  /** The permission without which it is not shown. */
  needs?: string;
  exact?: boolean;
}

export interface Section {
  title: string;
  system?: boolean;
  places: readonly Place[];
}

/** Every place of the navigation, also for the palette and the shortcuts. A feature adds its line here. */
export const SECTIONS: readonly Section[] = [
  {
    title: "Deploy",
    places: [{ text: "Dashboard", to: "", icon: IconLayoutDashboard, key: "d", exact: true }],
  },
];

export const ICONS = {
  IconActivity,
  IconBinaryTree2,
  IconBox,
  IconBuildingWarehouse,
  IconCertificate,
  IconGitBranch,
  IconKey,
  IconListDetails,
  IconServer2,
  IconShieldCheck,
  IconStack2,
  IconUsers,
  IconUsersGroup,
  IconVariable,
  IconWorld,
};
