import { Anchor, Box, Stack, Table, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { StateMark } from "../../parts/StateMark";
import { stateOf } from "../../parts/states";
import { When } from "../../parts/When";
import { useSpaceId } from "../../shell/space";
import { duration, t } from "../../text";
import { environmentsReading, taskAddress } from "../deploying/shared";
import { answerPairs, artifactPairs, type Outcome, targetsApart, took } from "./outcomes";
import { Pairs } from "./Pairs";
import classes from "./Releases.module.css";
import { artifactsReading, machinesReading, tasksReading } from "./reading";

interface Props {
  outcomes: readonly Outcome[];
  /** What the two sides are called. */
  names: readonly [string, string];
}

/** How two releases, or two deployments, went: result, targets and artifacts, environment by environment. */
export function Outcomes({ outcomes, names }: Props) {
  const spaceId = useSpaceId();
  const environments = useQuery(environmentsReading(spaceId)).data ?? [];
  const named = new Map(environments.map((each) => [each.Id, each.Name]));
  const ids = outcomes.flatMap(({ before, after }) => [before?.TaskId, after?.TaskId]).filter(isText);
  const tasks = useQuery(tasksReading(spaceId, ids)).data?.Items ?? [];
  const taskOf = (one: Schema["Deployment"] | undefined) => tasks.find((each) => each.Id === one?.TaskId);
  if (outcomes.length === 0) return <Text c="dimmed">{t("Neither was deployed.")}</Text>;
  return (
    <Stack gap="xs">
      <Box className={classes.scrolls} role="group" aria-label={t("Results")} tabIndex={0}>
        <Table verticalSpacing={4} aria-label={t("Results")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t("Where")}</Table.Th>
              <Table.Th scope="col">{names[0]}</Table.Th>
              <Table.Th scope="col">{names[1]}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {outcomes.map((each) => (
              <Table.Tr key={each.environment} data-outcome={named.get(each.environment)}>
                <Table.Th scope="row" fw="inherit">
                  {named.get(each.environment) ?? each.environment}
                </Table.Th>
                <Table.Td>
                  <Result of={each.before} task={taskOf(each.before)} />
                </Table.Td>
                <Table.Td>
                  <Result of={each.after} task={taskOf(each.after)} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Box>
      <Apart outcomes={outcomes} names={names} environments={named} />
      <Answers outcomes={outcomes} names={names} />
      <Files outcomes={outcomes} names={names} />
    </Stack>
  );
}

const isText = (id: string | undefined): id is string => Boolean(id);

function Result({ of, task }: { of: Schema["Deployment"] | undefined; task: Schema["Task"] | undefined }) {
  const spaceId = useSpaceId();
  if (!of) return <Text c="dimmed">{t("not deployed")}</Text>;
  const time = took(task);
  const targets = of.DeployedToMachineIds.length;
  const facts = [
    t("{{count}} targets", { count: targets, one: "{{count}} target" }),
    time !== undefined && duration(time),
    of.DeployedBy,
  ].filter(Boolean);
  return (
    <>
      <span className={classes.at}>
        {task && (
          <StateMark
            state={stateOf(task.State, {
              waits: task.HasPendingInterruptions,
              warnings: task.HasWarningsOrErrors,
            })}
          />
        )}
        <Anchor component={Link} to={taskAddress(spaceId, of.TaskId)} size="sm">
          <When at={of.Created} />
        </Anchor>
      </span>
      <Text size="sm" c="dimmed">
        {facts.join(" · ")}
      </Text>
      {task?.ErrorMessage && (
        <Text size="sm" c="var(--state-failed)">
          {task.ErrorMessage}
        </Text>
      )}
    </>
  );
}

const MOST = 100;

/** Targets that only one side went to, by name. */
function Apart({ outcomes, names, environments }: Props & { environments: ReadonlyMap<string, string> }) {
  const spaceId = useSpaceId();
  const found = outcomes.map((each) => ({ each, ...targetsApart(each) }));
  const ids = [...new Set(found.flatMap(({ gone, come }) => [...gone, ...come]))].slice(0, MOST);
  const machines = useQuery(machinesReading(spaceId, ids)).data?.Items ?? [];
  const list = (some: readonly string[]) =>
    some.map((id) => machines.find((each) => each.Id === id)?.Name ?? id).join(", ");
  const said = found.flatMap(({ each, gone, come }) =>
    [gone, come].flatMap((some, side) =>
      some.length > 0
        ? t("Targets in {{place}} only {{version}} went to: {{targets}}", {
            place: environments.get(each.environment) ?? each.environment,
            version: names[side] ?? "",
            targets: list(some),
          })
        : [],
    ),
  );
  return said.map((sentence) => (
    <Text size="sm" key={sentence} data-apart>
      {sentence}
    </Text>
  ));
}

/** What was answered differently, where two deployments are compared. */
function Answers({ outcomes, names }: Props) {
  const [only] = outcomes;
  if (outcomes.length !== 1 || !only?.before || !only.after) return null;
  const pairs = answerPairs(only.before, only.after);
  if (pairs.length === 0) return null;
  return <Pairs pairs={pairs} before={names[0]} after={names[1]} none="" what={t("Answer")} />;
}

/** The files the tasks of each side left. */
function Files({ outcomes, names }: Props) {
  const spaceId = useSpaceId();
  const sides = [outcomes.map((each) => each.before), outcomes.map((each) => each.after)];
  const ids = sides.map((side) => side.flatMap((each) => each?.TaskId ?? []));
  const [before, after] = [useFiles(spaceId, ids[0] ?? []), useFiles(spaceId, ids[1] ?? [])];
  const pairs = artifactPairs(before, after);
  if (pairs.length === 0) return <Text c="dimmed">{t("Neither left an artifact.")}</Text>;
  return <Pairs pairs={pairs} before={names[0]} after={names[1]} none="" what={t("Artifact")} />;
}

const useFiles = (spaceId: string, tasks: readonly string[]): readonly Schema["Artifact"][] =>
  useQueries({
    queries: tasks.map((id) => artifactsReading(spaceId, id)),
    combine: (answers) => answers.flatMap((each) => each.data?.Items ?? []),
  });
