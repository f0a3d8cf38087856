import { Anchor, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { remove } from "../../api/client";
import { stale } from "../../api/queries";
import { Destroy } from "../../parts/Destroy";
import { Page } from "../../parts/Page";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { DeploymentStep } from "./DeploymentStep";
import { EnvironmentsStep } from "./EnvironmentsStep";
import { useFacts } from "./facts";
import { MachineStep } from "./MachineStep";
import { ProjectStep } from "./ProjectStep";
import { progressOf, STEPS } from "./progress";
import { StepCard } from "./StepCard";

/** Leads from an empty server to the first green deployment on a machine of one's own. */
export function GuidePage() {
  const spaceId = useSpaceId();
  const facts = useFacts(spaceId);
  const { done, next } = progressOf(facts);
  const [project] = facts.projectList;
  const [environment] = facts.environmentList;
  return (
    <Page
      title={t("First deployment")}
      about={t(
        "Four steps, a few minutes. Everything made here is yours to keep, to change or to throw away.",
      )}
    >
      <Progress
        value={(done.size / STEPS.length) * 100}
        aria-label={t("{{done}} of {{all}} steps are done", { done: done.size, all: STEPS.length })}
      />
      <Stack component="ol" gap="sm" p={0} m={0}>
        <StepCard
          number={1}
          title={t("Environments")}
          why={t("A release goes from one to the next: first where it is tried, then where it is used.")}
          done={done.has("environments")}
          current={next === "environments"}
          summary={facts.environmentList.map((each) => each.Name).join(" → ")}
        >
          <EnvironmentsStep spaceId={spaceId} />
        </StepCard>
        <StepCard
          number={2}
          title={t("A machine")}
          why={t(
            "Where your software runs. A small agent on it does what a deployment asks, and nothing else.",
          )}
          done={done.has("machine")}
          current={next === "machine"}
          summary={facts.machineList.map((each) => each.Name).join(", ")}
        >
          <MachineStep spaceId={spaceId} environments={facts.environmentList} />
        </StepCard>
        <StepCard
          number={3}
          title={t("A project")}
          why={t("What is deployed, and how: a list of steps, written once, the same for every environment.")}
          done={done.has("project")}
          current={next === "project"}
          summary={facts.projectList.map((each) => each.Name).join(", ")}
        >
          <ProjectStep spaceId={spaceId} roles={facts.machineList.flatMap((each) => each.Roles)} />
        </StepCard>
        <StepCard
          number={4}
          title={t("A release, deployed")}
          why={t(
            "A release freezes the process and its variables. Deploying it runs the steps where they belong.",
          )}
          done={done.has("deployment")}
          current={next === "deployment"}
          summary={
            <Green spaceId={spaceId} taskId={facts.newest?.TaskId} version={facts.newest?.ReleaseVersion} />
          }
        >
          {project && environment && (
            <DeploymentStep
              spaceId={spaceId}
              project={project}
              environment={environment}
              newest={facts.newest}
            />
          )}
        </StepCard>
      </Stack>
      {!next && project && <Onward spaceId={spaceId} project={project} />}
    </Page>
  );
}

function Green({ spaceId, taskId, version }: { spaceId: string; taskId?: string; version?: string }) {
  if (!taskId) return null;
  return (
    <Anchor component={Link} to={`/${spaceId}/tasks/${taskId}`}>
      {t("{{version}} is deployed: read its log", { version: version ?? "" })}
    </Anchor>
  );
}

function Onward({
  spaceId,
  project,
}: {
  spaceId: string;
  project: { Id: string; Name: string; Slug: string };
}) {
  const navigate = useNavigate();
  return (
    <Stack gap="sm" role="status">
      <Text fw={600}>{t("That was a whole deployment. What next?")}</Text>
      <Group>
        <Button component={Link} to={`/${spaceId}`}>
          {t("See it on the dashboard")}
        </Button>
        <Button component={Link} to={`/${spaceId}/projects/${project.Slug}`} variant="default">
          {t("Look at the project")}
        </Button>
        <Destroy
          action={t("Throw {{name}} away", { name: project.Name })}
          name={project.Name}
          effect={t("The project, its releases and its deployments go. Environments and machines stay.")}
          onConfirm={async () => {
            await remove("/api/{spaceId}/projects/{id}", { path: { spaceId, id: project.Id } });
            stale("project", "deployment", "release");
            await navigate({ to: `/${spaceId}/begin` });
          }}
        />
      </Group>
    </Stack>
  );
}
