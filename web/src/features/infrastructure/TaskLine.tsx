import { Anchor, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { StateMark } from "../../parts/StateMark";
import { stateOf } from "../../parts/states";
import { t } from "../../text";
import { useTask } from "./checking";

/** A task that was just started: its live state, and the way to its log. */
export function TaskLine({ spaceId, id }: { spaceId: string; id: string | undefined }) {
  const task = useTask(spaceId, id);
  if (!id) return null;
  return (
    <Group gap="xs" role="status">
      {task && <StateMark state={stateOf(task.State, { warnings: task.HasWarningsOrErrors })} />}
      <Anchor component={Link} to={`/${spaceId}/tasks/${id}`} fz="sm">
        {task?.Description ?? t("Show the task")}
      </Anchor>
    </Group>
  );
}
