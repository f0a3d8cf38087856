import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { get, post } from "../../api/client";
import { reading, stale, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Refused } from "../../parts/Refused";
import { StateMark } from "../../parts/StateMark";
import { useSaving } from "../../parts/saving";
import { stateOf } from "../../parts/states";
import { t } from "../../text";

interface Props {
  spaceId: string;
  project: Schema["Project"];
  environment: Schema["Environment"];
  newest: Schema["DashboardItem"] | undefined;
}

/** Makes a release of the project and deploys it to the first environment, watched from here. */
export function DeploymentStep({ spaceId, project, environment, newest }: Props) {
  const saving = useSaving();
  return (
    <>
      <Refused sentences={saving.others} />
      {newest && <Running spaceId={spaceId} taskId={newest.TaskId} />}
      <Group>
        <Button
          onClick={() => void saving.run(() => deploy(spaceId, project, environment))}
          loading={saving.busy}
        >
          {t("Release {{project}} and deploy it to {{environment}}", {
            project: project.Name,
            environment: environment.Name,
          })}
        </Button>
      </Group>
    </>
  );
}

function Running({ spaceId, taskId }: { spaceId: string; taskId: string }) {
  const task = useQuery(reading("task", "/api/{spaceId}/tasks/{id}", { path: { spaceId, id: taskId } })).data;
  if (!task) return null;
  return (
    <Stack gap={4} role="status">
      <Group gap="xs">
        <StateMark state={stateOf(task.State, { waits: task.HasPendingInterruptions })} />
        <Anchor component={Link} to={`/${spaceId}/tasks/${task.Id}`}>
          {task.Description}
        </Anchor>
      </Group>
      {task.ErrorMessage && <Text c="var(--state-failed)">{task.ErrorMessage}</Text>}
    </Stack>
  );
}

async function deploy(
  spaceId: string,
  project: Schema["Project"],
  environment: Schema["Environment"],
): Promise<void> {
  const path = { spaceId };
  const template = await get("/api/{spaceId}/projects/{id}/deploymentprocesses/template", {
    path: { spaceId, id: project.Id },
  });
  const Version = template.NextVersionIncrement || "0.0.1";
  const release = await post("/api/{spaceId}/releases", { path, body: { ProjectId: project.Id, Version } });
  await post("/api/{spaceId}/deployments", {
    path,
    body: { ReleaseId: release.Id, EnvironmentId: environment.Id },
  });
  stale("release", "deployment", "task");
}
