import { Alert } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { Suspense, useEffect } from "react";
import classes from "../../parts/LinkTabs.module.css";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { projectAddress, useProject } from "./project";
import { TABS, type Tab, tabOf } from "./tabs";

/** What stands around every page of a project: its heading, whether it is disabled, and its tabs. */
export function ProjectPage() {
  const project = useProject();
  const spaceId = useSpaceId();
  const at = useRouterState({ select: (state) => state.location.pathname });
  const named = at.split("/")[3] ?? "";
  const current = tabOf(at, `/projects/${named}`);
  const title = current?.to ? `${t(current.text)} · ${project.Name}` : project.Name;
  useEffect(() => {
    document.title = `${title} · Gurita`;
  }, [title]);
  return (
    <Page
      title={project.Name}
      crumbs={[{ text: t("Projects"), to: `/${spaceId}/projects` }]}
      about={project.Description?.split("\n", 1)[0]}
      wide
    >
      {project.IsDisabled && (
        <Alert color="gray" icon={<IconPlayerPause aria-hidden />} role="status">
          {t("This project is disabled: nothing new is deployed until somebody enables it in its settings.")}
        </Alert>
      )}
      <nav className={classes.tabs} aria-label={t("Parts of the project")}>
        {TABS.map((tab) => (
          <Entry
            key={tab.to}
            tab={tab}
            to={projectAddress(spaceId, project, tab.to)}
            current={tab === current}
          />
        ))}
      </nav>
      <Suspense fallback={<Loading />}>
        <Outlet />
      </Suspense>
    </Page>
  );
}

function Entry({ tab, to, current }: { tab: Tab; to: string; current: boolean }) {
  const may = useMay(tab.needs ?? "", useSpaceId());
  if (tab.needs && may === false) return null;
  return (
    <Link
      to={to}
      activeOptions={{ exact: true, includeSearch: false }}
      className={classes.tab}
      {...(current ? { "data-current": true, "aria-current": "page" as const } : {})}
    >
      {t(tab.text)}
    </Link>
  );
}
