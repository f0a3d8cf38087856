import { Button, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { reading, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import classes from "./Overview.module.css";
import { projectAddress } from "./shared";

const summaryReading = (spaceId: string, id: string) =>
  reading("project", "/api/{spaceId}/projects/{id}/summary", { path: { spaceId, id } });

/** What to do in a project nothing was released of: its process, a release, a deployment; which of it is done. */
export function FirstSteps({ project }: { project: Schema["Project"] }) {
  const spaceId = useSpaceId();
  const has = useSuspenseQuery(summaryReading(spaceId, project.Id)).data.HasDeploymentProcess;
  const at = (tab: string) => projectAddress(spaceId, project, tab);
  const steps = [
    {
      title: t("Say how it is deployed"),
      about: t("A process is a list of steps: scripts and packages, and the machines they run on."),
      action: has ? t("Open the process") : t("Add the first step"),
      to: at("process"),
      done: has,
      ready: true,
    },
    {
      title: t("Create a release"),
      about: t("It freezes the process, the variables and the versions of packages under a number."),
      action: t("Create a release"),
      to: at("releases/create"),
      done: false,
      ready: has,
    },
    {
      title: t("Deploy it"),
      about: t("Then it stands here, with the environments it may go to."),
      done: false,
      ready: false,
    },
  ];
  const next = steps.findIndex((step) => !step.done);
  return (
    <Stack maw="48rem">
      <Title order={2} size="h4">
        {t("Three steps to the first deployment")}
      </Title>
      <ol className={classes.steps}>
        {steps.map((step, at) => (
          <li key={step.title} className={classes.step} {...(at === next ? { "aria-current": "step" } : {})}>
            <ThemeIcon radius="xl" variant={step.done ? "filled" : "light"} aria-hidden>
              {step.done ? <IconCheck size="1rem" /> : at + 1}
            </ThemeIcon>
            <div className={classes.words}>
              <Text fw={600}>
                {step.title}
                {step.done && <span className="visually-hidden">{t("(done)")}</span>}
              </Text>
              <Text fz="sm" c="dimmed">
                {step.about}
              </Text>
            </div>
            {step.to && step.ready && (
              <Button component={Link} to={step.to} variant={at === next ? "filled" : "default"}>
                {step.action}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Stack>
  );
}
