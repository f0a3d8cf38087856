import { useSearch } from "@tanstack/react-router";
import { LinkTabs } from "../../parts/LinkTabs";
import { Page } from "../../parts/Page";
import { useMay } from "../../shell/session";
import { t } from "../../text";
import { Maintenance } from "./Maintenance";
import { NodeList } from "./NodeList";
import { Schedule } from "./Schedule";
import { ServerFacts } from "./ServerFacts";
import { ServerLog } from "./ServerLog";
import type { NodesSearch } from "./search";

/** The server itself: what its nodes run, how it was started, what recurs, and its own log. */
export function NodesPage() {
  const { tab = "nodes" } = useSearch({ strict: false }) as NodesSearch;
  const administers = useMay("AdministerSystem", "");
  const tabs = [
    ["nodes", t("Nodes")],
    ["server", t("This server")],
    ...(administers
      ? [
          ["schedule", t("Recurring work")],
          ["log", t("Log")],
        ]
      : []),
  ] as [string, string][];
  return (
    <Page title={t("Nodes")} about={t("What runs this server, and what exactly each node is at.")}>
      <LinkTabs
        label={t("Parts of the server")}
        tabs={tabs.map(([name, text]) => ({
          text,
          to: "/configuration/nodes",
          search: name === "nodes" ? {} : { tab: name },
          current: tab === name,
        }))}
      />
      {tab === "nodes" && (
        <>
          <NodeList />
          <Maintenance />
        </>
      )}
      {tab === "server" && <ServerFacts />}
      {tab === "schedule" && <Schedule />}
      {tab === "log" && <ServerLog />}
    </Page>
  );
}
