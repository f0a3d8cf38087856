import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { ListTable } from "../../parts/ListTable";
import { Loading } from "../../parts/Loading";
import { Section } from "../../parts/Section";
import { StateMark } from "../../parts/StateMark";
import { stateOf } from "../../parts/states";
import { When } from "../../parts/When";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { environmentsReading, progressionReading, taskAddress } from "../deploying/shared";
import { deploymentsReading } from "./reading";

/** What was done with a release: its deployments, newest first. */
export function History({ release }: { release: Schema["Release"] }) {
  const spaceId = useSpaceId();
  const found = useQuery(deploymentsReading(spaceId, release.Id)).data;
  const environments = useQuery(environmentsReading(spaceId)).data ?? [];
  const progression = useQuery(progressionReading(spaceId, release.Id)).data;
  const names = new Map(environments.map((each) => [each.Id, each.Name]));
  const tasks = new Map(
    (progression?.Phases ?? []).flatMap((phase) =>
      phase.Deployments.map((each) => {
        const task = each.Task as Schema["Task"];
        return [task.Id, task] as const;
      }),
    ),
  );
  return (
    <Section title={t("Deployments")}>
      {!found && <Loading rows={2} />}
      {found && (
        <ListTable
          label={t("Deployments of {{version}}", { version: release.Version })}
          items={found.Items}
          idOf={(each) => each.Id}
          empty={<Text c="dimmed">{t("It was not deployed yet.")}</Text>}
          columns={[
            {
              key: "where",
              head: t("Where"),
              cell: (each) => (
                <Anchor component={Link} to={taskAddress(spaceId, each.TaskId)} inherit>
                  {names.get(each.EnvironmentId) ?? each.EnvironmentId}
                </Anchor>
              ),
            },
            {
              key: "state",
              head: t("State"),
              short: true,
              cell: (each) => <State task={tasks.get(each.TaskId)} />,
            },
            { key: "by", head: t("By"), cell: (each) => each.DeployedBy },
            {
              key: "compare",
              head: <span className="visually-hidden">{t("Compare")}</span>,
              short: true,
              cell: (each) => (
                <Anchor
                  size="sm"
                  renderRoot={(props) => (
                    <Link
                      to="/$space/releases/$release"
                      params={{ space: spaceId, release: release.Id }}
                      search={{ compare: "previous", deployment: each.Id }}
                      {...props}
                    />
                  )}
                >
                  {t("Compare")}
                  <span className="visually-hidden">
                    {" "}
                    {t("{{name}} with the one before", {
                      name: names.get(each.EnvironmentId) ?? each.EnvironmentId,
                    })}
                  </span>
                </Anchor>
              ),
            },
            { key: "when", head: t("Asked for"), short: true, cell: (each) => <When at={each.Created} /> },
          ]}
        />
      )}
    </Section>
  );
}

function State({ task }: { task: Schema["Task"] | undefined }) {
  if (!task) return null;
  return (
    <StateMark
      state={stateOf(task.State, { waits: task.HasPendingInterruptions, warnings: task.HasWarningsOrErrors })}
    />
  );
}
