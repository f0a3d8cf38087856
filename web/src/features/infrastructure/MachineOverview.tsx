import { Anchor, Code, SimpleGrid, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { reading, useQuery, useSuspenseQuery } from "../../api/queries";
import { FactList } from "../../parts/FactList";
import { ListTable } from "../../parts/ListTable";
import { Section } from "../../parts/Section";
import { StateMark } from "../../parts/StateMark";
import { stateOf } from "../../parts/states";
import { When } from "../../parts/When";
import { useMay } from "../../shell/session";
import { moment, t } from "../../text";
import type { Becomes } from "./adding";
import classes from "./Infrastructure.module.css";
import { addressOf, kindOf } from "./kinds";
import { Tags } from "./MachineTable";
import {
  type AnyMachine,
  connectionReading,
  environmentsReading,
  infrastructure,
  machineTasks,
  policiesReading,
  poolsReading,
} from "./reads";
import { Timeline } from "./Timeline";

interface Props {
  spaceId: string;
  becomes: Becomes;
  machine: AnyMachine;
}

/** What is known of a machine: evidence of its health, what is on it, and what was done on it. */
export function MachineOverview({ spaceId, becomes, machine }: Props) {
  const mayEvents = useMay("EventView", spaceId);
  const mayDeployments = useMay("DeploymentView", spaceId);
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Evidence spaceId={spaceId} becomes={becomes} machine={machine} />
        <About spaceId={spaceId} becomes={becomes} machine={machine} />
      </SimpleGrid>
      {becomes === "machines" && mayDeployments && <Deployed spaceId={spaceId} id={machine.Id} />}
      <Tasks spaceId={spaceId} becomes={becomes} id={machine.Id} />
      {mayEvents && <Timeline spaceId={spaceId} id={machine.Id} />}
    </>
  );
}

function Evidence({ spaceId, becomes, machine }: Props) {
  const seen = useSuspenseQuery(connectionReading(spaceId, becomes, machine.Id)).data;
  return (
    <Section
      title={t("Last health check")}
      about={
        seen.LastChecked ? (
          <>
            <When at={seen.LastChecked} />: {machine.StatusSummary}
          </>
        ) : (
          t("Nobody has looked at it since it was added or its address changed.")
        )
      }
    >
      {seen.Logs.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a room that scrolls must be reachable by keyboard
        <section className={classes.log} tabIndex={0} aria-label={t("What the last check saw")}>
          {seen.Logs.map((line) => (
            <div key={`${line.OccurredAt} ${line.MessageText}`} data-category={line.Category}>
              <time dateTime={line.OccurredAt} title={moment(line.OccurredAt)}>
                {line.OccurredAt.slice(11, 19)}
              </time>{" "}
              {line.MessageText}
              {line.Detail && <div>{line.Detail}</div>}
            </div>
          ))}
        </section>
      )}
    </Section>
  );
}

function About({ spaceId, becomes, machine }: Props) {
  const targets = becomes === "machines";
  const environments = useQuery({ ...environmentsReading(spaceId), enabled: targets }).data ?? [];
  const pools = useQuery({ ...poolsReading(spaceId), enabled: !targets }).data ?? [];
  const policy = useQuery(policiesReading(spaceId)).data?.find((each) => each.Id === machine.MachinePolicyId);
  const seen = useQuery(connectionReading(spaceId, becomes, machine.Id)).data;
  const print =
    machine.Endpoint.CommunicationStyle === "Ssh" ? machine.Endpoint.Fingerprint : machine.Thumbprint;
  const nameOf = (all: readonly { Id: string; Name: string }[], ids: readonly string[] = []) =>
    ids.map((id) => all.find((each) => each.Id === id)?.Name ?? id).join(", ");
  const system = [machine.OperatingSystem, machine.OperatingSystemVersion, machine.Architecture];
  const shell = [machine.ShellName, machine.ShellVersion];
  const known = (words: readonly string[]) => words.filter((word) => word && word !== "Unknown").join(" ");
  return (
    <Section title={t("About this machine")}>
      <FactList
        facts={[
          [t("Reached by"), t(kindOf(machine.Endpoint.CommunicationStyle))],
          [t("Address"), addressOf(machine.Endpoint)],
          [t("Key fingerprint"), print ? <Code key="print">{print}</Code> : ""],
          [t("Agent version"), seen?.CurrentTentacleVersion ?? ""],
          [t("System"), known(system)],
          [t("Shell"), known(shell)],
          [t("Environments"), targets ? nameOf(environments, machine.EnvironmentIds) : ""],
          [t("Target tags"), targets ? <Tags key="tags" tags={machine.Roles ?? []} /> : ""],
          [t("Pools"), targets ? "" : nameOf(pools, machine.WorkerPoolIds)],
          [
            t("Policy"),
            policy ? (
              <Anchor component={Link} key="policy" to={infrastructure(spaceId, `policies/${policy.Id}`)}>
                {policy.Name}
              </Anchor>
            ) : (
              machine.MachinePolicyId
            ),
          ],
          [t("Description"), machine.Description ?? ""],
        ]}
      />
    </Section>
  );
}

function Deployed({ spaceId, id }: { spaceId: string; id: string }) {
  const found = useQuery(
    reading(["deployment", "task"], "/api/{spaceId}/gurita/machines/{id}/deployed", {
      path: { spaceId, id },
    }),
  ).data;
  if (!found) return null;
  return (
    <Section
      title={t("Deployed here")}
      about={t("The last deployment of each project that did something on this machine.")}
    >
      {found.length === 0 ? (
        <Text c="dimmed">{t("Nothing was deployed to this machine yet.")}</Text>
      ) : (
        <ListTable
          label={t("What is deployed here")}
          items={found}
          idOf={(one) => one.DeploymentId}
          columns={[
            {
              key: "project",
              head: t("Project"),
              cell: (one) => (
                <Anchor component={Link} to={`/${spaceId}/projects/${one.ProjectId}`} fw={550}>
                  {one.ProjectName || one.ProjectId}
                </Anchor>
              ),
            },
            {
              key: "release",
              head: t("Release"),
              cell: (one) => (
                <Anchor component={Link} to={`/${spaceId}/releases/${one.ReleaseId}`}>
                  {one.ReleaseVersion}
                </Anchor>
              ),
            },
            { key: "environment", head: t("Environment"), cell: (one) => one.EnvironmentName },
            {
              key: "state",
              head: t("State"),
              cell: (one) => (
                <Anchor component={Link} to={`/${spaceId}/tasks/${one.TaskId}`} underline="never">
                  <StateMark
                    state={
                      one.FailedHere ? "failed" : stateOf(one.State, { warnings: one.HasWarningsOrErrors })
                    }
                    {...(one.FailedHere ? { word: "Failed on this machine" } : {})}
                  />
                </Anchor>
              ),
            },
            {
              key: "when",
              head: t("When"),
              short: true,
              cell: (one) => <When at={one.CompletedTime} none="Now" />,
            },
          ]}
        />
      )}
    </Section>
  );
}

function Tasks({ spaceId, becomes, id }: { spaceId: string; becomes: Becomes; id: string }) {
  const page = useQuery(machineTasks(spaceId, becomes, id)).data;
  if (!page || page.Items.length === 0) return null;
  return (
    <Section title={t("Its tasks")} about={t("The newest first; each leads to its log.")}>
      <ListTable
        label={t("List of its tasks")}
        items={page.Items}
        idOf={(task) => task.Id}
        columns={[
          {
            key: "what",
            head: t("Task"),
            cell: (task) => (
              <Anchor component={Link} to={`/${spaceId}/tasks/${task.Id}`} fw={550}>
                {task.Description}
              </Anchor>
            ),
          },
          {
            key: "state",
            head: t("State"),
            cell: (task) => (
              <StateMark
                state={stateOf(task.State, {
                  waits: task.HasPendingInterruptions,
                  warnings: task.HasWarningsOrErrors,
                })}
              />
            ),
          },
          { key: "when", head: t("Queued"), short: true, cell: (task) => <When at={task.QueueTime} /> },
        ]}
      />
    </Section>
  );
}
