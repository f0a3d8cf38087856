import { Anchor, List, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { reading, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { FactList } from "../../parts/FactList";
import { t } from "../../text";
import classes from "./tasks.module.css";

const deployment = (spaceId: string, id: string) =>
  reading("deployment", "/api/{spaceId}/deployments/{id}", { path: { spaceId, id } });
const release = (spaceId: string, id: string) =>
  reading("release", "/api/{spaceId}/releases/{id}", { path: { spaceId, id } });
const project = (spaceId: string, id: string) =>
  reading("project", "/api/{spaceId}/projects/{id}", { path: { spaceId, id } });
const environment = (spaceId: string, id: string) =>
  reading("environment", "/api/{spaceId}/environments/{id}", { path: { spaceId, id } });

/** What is deployed where, by whom, and what it brings; for other tasks, what kind of task it is. */
export function Facts({ task, spaceId }: { task: Schema["Task"]; spaceId: string }) {
  const { DeploymentId } = task.Arguments as { DeploymentId?: string };
  const deployed = useQuery({
    ...deployment(spaceId, DeploymentId ?? ""),
    enabled: Boolean(spaceId && DeploymentId),
  }).data;
  const brought = useQuery({
    ...release(spaceId, deployed?.ReleaseId ?? ""),
    enabled: Boolean(deployed),
  }).data;
  const of = useQuery({
    ...project(spaceId, task.ProjectId ?? ""),
    enabled: Boolean(spaceId && task.ProjectId),
  }).data;
  const to = useQuery({
    ...environment(spaceId, task.EnvironmentId ?? ""),
    enabled: Boolean(spaceId && task.EnvironmentId),
  }).data;
  const linked = (to: string, text: string) => (
    <Anchor component={Link} to={`/${spaceId}${to}`}>
      {text}
    </Anchor>
  );
  return (
    <section className={classes.card} aria-label={t("Facts")}>
      <h2 className={classes.heading}>{t("Facts")}</h2>
      <FactList
        facts={[
          [t("Project"), of && linked(`/projects/${of.Slug}`, of.Name)],
          [t("Release"), brought && linked(`/releases/${brought.Id}`, brought.Version)],
          [t("Environment"), to?.Name],
          [t("Started by"), deployed?.DeployedBy],
          [t("Comment"), deployed?.Comments],
          [t("Kind"), task.Name],
          [t("State"), task.RuleDescription],
          [t("Repeats"), task.RerunOfTaskId && linked(`/tasks/${task.RerunOfTaskId}`, task.RerunOfTaskId)],
          [t("Task"), task.Id],
        ]}
      />
      {deployed && deployed.Changes.length > 0 && <Changes changes={deployed.Changes} />}
    </section>
  );
}

function Changes({ changes }: { changes: Schema["Deployment"]["Changes"] }) {
  const told = changes.filter((each) => each.ReleaseNotes || each.Commits.length > 0);
  if (told.length === 0) return null;
  return (
    <>
      <Text fw={600} fz="sm" mt="sm">
        {t("What it brings")}
      </Text>
      <List size="sm">
        {told.slice(0, 10).map((each) => (
          <List.Item key={each.Version}>
            {each.Version}
            {each.ReleaseNotes ? `: ${each.ReleaseNotes}` : ""}
            {each.Commits.length > 0 &&
              ` (${t("{{count}} commits", { count: each.Commits.length, one: "1 commit" })})`}
          </List.Item>
        ))}
      </List>
      {told.length > 10 && (
        <Text fz="sm" c="dimmed">
          {t("and {{count}} releases before", { count: told.length - 10 })}
        </Text>
      )}
    </>
  );
}
