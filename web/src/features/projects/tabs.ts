import type { Message } from "../../text";

/** A tab of a project. */
export interface Tab {
  text: Message;
  /** The path below the project; nothing for its overview. */
  to: string;
  /** The permission without which it is not shown. */
  needs?: string;
}

/** The tabs of a project, in their order. A feature adds its line here when its route exists. */
export const TABS: readonly Tab[] = [
  { text: "Overview", to: "" },
  { text: "Process", to: "process", needs: "ProcessView" },
  { text: "Releases", to: "releases", needs: "ReleaseView" },
  { text: "Variables", to: "variables", needs: "VariableView" },
  { text: "Channels", to: "channels", needs: "ProjectView" },
  { text: "Settings", to: "settings" },
];

/** The tab an address lies in: the longest whose path it begins with. */
export function tabOf(address: string, project: string, tabs: readonly Tab[] = TABS): Tab | undefined {
  const rest = address.slice(address.indexOf(project) + project.length).replace(/^\/|\/$/g, "");
  const within = tabs.filter((tab) => rest === tab.to || (tab.to !== "" && rest.startsWith(`${tab.to}/`)));
  return within.sort((a, b) => b.to.length - a.to.length)[0];
}
