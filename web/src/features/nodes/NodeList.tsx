import { Anchor, Badge, Group, NumberInput, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { put, remove } from "../../api/client";
import { queries, reading, useQuery, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { ListTable } from "../../parts/ListTable";
import { Refused } from "../../parts/Refused";
import { Section } from "../../parts/Section";
import { StateMark } from "../../parts/StateMark";
import { useSaving } from "../../parts/saving";
import { stateOf } from "../../parts/states";
import { When } from "../../parts/When";
import { WhyButton } from "../../parts/WhyButton";
import { useMissing } from "../../shell/missing";
import { t } from "../../text";
import { stateOfNode } from "./spans";

const PLACE = "/api/octopusservernodes/{id}";
const summary = () => reading("task", "/api/octopusservernodes/summary");

/** Reads anew what nodes are at: after a change of one's own. */
const again = () =>
  queries.invalidateQueries({
    predicate: ({ queryKey }) => String(queryKey[1]).includes("octopusservernodes"),
  });

/** Every node, what it runs, and its switches. */
export function NodeList() {
  const { Nodes } = useSuspenseQuery(summary()).data;
  return (
    <Stack gap="md">
      {Nodes.map((node) => (
        <NodeCard key={node.Id} node={node} />
      ))}
    </Stack>
  );
}

function NodeCard({ node }: { node: Schema["NodeSummary"] }) {
  const saving = useSaving(["MaxConcurrentTasks"]);
  const [cap, setCap] = useState<number>();
  const why = useMissing("ConfigureServer");
  const mark = stateOfNode(node);
  const change = (body: Partial<Schema["NodeSettings"]>, told: string) =>
    saving.run(async () => {
      await put(PLACE, { path: { id: node.Id }, body: { Name: node.Name, ...body } });
      await again();
    }, told);
  const drop = async () => {
    await remove(PLACE, { path: { id: node.Id } });
    await again();
  };
  const draining = node.IsInMaintenanceMode;
  return (
    <Section
      title={node.Name}
      about={
        <Group gap="sm" mt={4}>
          <StateMark state={mark.state} word={mark.word} />
          {node.IsLeader && (
            <Badge variant="default" tt="none" fw={500}>
              {t("Up longest")}
            </Badge>
          )}
          <span>
            {t("Version {{version}}", { version: node.Version })} · {t("last seen")}{" "}
            <When at={node.LastSeen} /> · {t("started")} <When at={node.Started} />
          </span>
        </Group>
      }
      actions={
        <>
          <WhyButton
            variant="default"
            loading={saving.busy}
            why={why}
            onClick={() =>
              void change(
                { IsInMaintenanceMode: !draining },
                draining
                  ? t("{{name}} takes tasks again", { name: node.Name })
                  : t("{{name}} takes nothing new", { name: node.Name }),
              )
            }
          >
            {draining ? t("Resume {{name}}", { name: node.Name }) : t("Drain {{name}}", { name: node.Name })}
          </WhyButton>
          {node.IsOffline && (
            <Destroy
              action={t("Forget {{name}}", { name: node.Name })}
              name={node.Name}
              effect={t("The node is taken off the list. It comes back if it is started again.")}
              onConfirm={drop}
              why={why}
            />
          )}
        </>
      }
    >
      <Refused sentences={saving.others} />
      {draining && (
        <Text fz="sm" role="status">
          {node.RunningTaskCount > 0
            ? t("It takes nothing new and finishes what it runs: {{count}} tasks are left.", {
                count: node.RunningTaskCount,
                one: "It takes nothing new and finishes what it runs: {{count}} task is left.",
              })
            : t("It takes nothing new, and nothing runs on it: it may be stopped.")}
        </Text>
      )}
      <Running node={node} />
      <Group align="flex-end" gap="xs">
        <NumberInput
          label={t("Tasks at once")}
          min={0}
          max={1000}
          maw="9rem"
          value={cap ?? node.MaxConcurrentTasks}
          onChange={(value) => setCap(Number(value) || 0)}
          error={saving.errorOf("MaxConcurrentTasks")}
          readOnly={Boolean(why)}
        />
        <WhyButton
          variant="default"
          why={
            why ??
            (cap === undefined || cap === node.MaxConcurrentTasks ? t("Nothing was changed yet.") : undefined)
          }
          onClick={() =>
            void change({ MaxConcurrentTasks: cap ?? null }, t("Saved")).then(
              (done) => done && setCap(undefined),
            )
          }
        >
          {t("Save")}
        </WhyButton>
      </Group>
    </Section>
  );
}

function Running({ node }: { node: Schema["NodeSummary"] }) {
  const details = useQuery(
    reading(["task", "deployment"], "/api/octopusservernodes/{id}/details", { path: { id: node.Id } }),
  ).data;
  return (
    <ListTable
      label={t("What {{name}} runs", { name: node.Name })}
      items={details?.RunningTasks ?? []}
      idOf={(task) => task.Id}
      empty={<Text c="dimmed">{t("Runs nothing now.")}</Text>}
      columns={[
        {
          key: "task",
          head: t("Task"),
          cell: (task) =>
            task.SpaceId ? (
              <Anchor component={Link} to={`/${task.SpaceId}/tasks/${task.Id}`} inherit>
                {task.Description || task.Name}
              </Anchor>
            ) : (
              task.Description || task.Name
            ),
        },
        { key: "state", head: t("State"), cell: (task) => <StateMark state={stateOf(task.State)} /> },
        { key: "since", head: t("Since"), short: true, cell: (task) => <When at={task.StartTime ?? null} /> },
      ]}
    />
  );
}
