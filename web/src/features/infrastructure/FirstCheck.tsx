import { Button, Group, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useQuery } from "../../api/queries";
import { StateMark } from "../../parts/StateMark";
import { t } from "../../text";
import type { Becomes } from "./adding";
import { HealthMark } from "./HealthMark";
import { type AnyMachine, infrastructure, machineReading, machineTasks } from "./reads";
import { TaskLine } from "./TaskLine";

/** A machine that was just added: its first health check as it runs, and what it found. */
export function FirstCheck({ spaceId, becomes, id }: { spaceId: string; becomes: Becomes; id: string }) {
  const machine: AnyMachine | undefined = useQuery(machineReading(spaceId, becomes, id)).data;
  const check = useQuery(machineTasks(spaceId, becomes, id)).data?.Items[0];
  if (!machine) return null;
  const checked = machine.HealthStatus !== "Unknown";
  return (
    <Stack gap="sm">
      <Group gap="xs" role="status">
        {checked ? (
          <HealthMark machine={machine} />
        ) : (
          <StateMark state="running" word="Its first health check runs" />
        )}
        {checked && <Text fz="sm">{machine.StatusSummary}</Text>}
      </Group>
      {check && <TaskLine spaceId={spaceId} id={check.Id} />}
      <Group>
        <Button component={Link} to={infrastructure(spaceId, `${becomes}/${machine.Id}`)}>
          {t("Open {{name}}", { name: machine.Name })}
        </Button>
      </Group>
    </Stack>
  );
}
