import { Group, Text } from "@mantine/core";
import type { Schema } from "../../api/types";
import { StateMark } from "../../parts/StateMark";
import { STATES, type State } from "../../parts/states";
import { When } from "../../parts/When";
import { duration, type Message, t } from "../../text";

const WORDS: Record<string, Message> = {
  Cancelling: "Being canceled",
  TimedOut: "Timed out",
};

const time = (moment: string | null) => (moment ? new Date(moment).getTime() : undefined);

/** The state of a task, when it was queued and began, and how long it waited and ran. */
export function TaskTimes({ task, state, now }: { task: Schema["Task"]; state: State; now: number }) {
  const queued = time(task.QueueTime) ?? now;
  const started = time(task.StartTime);
  const ended = time(task.CompletedTime);
  const later = queued > now && !started && !ended;
  const ran = started === undefined ? undefined : (ended ?? now) - started;
  const waited = (started ?? ended ?? now) - queued;
  const word = WORDS[task.State];
  return (
    <Group gap="xs">
      <StateMark
        state={state}
        word={state === "waiting" ? STATES.waiting.word : (word ?? STATES[state].word)}
      />
      {ran !== undefined && (
        <Text span fz="sm">
          {ended
            ? t("Took {{time}}", { time: duration(ran) })
            : t("Running for {{time}}", { time: duration(ran) })}
        </Text>
      )}
      {started !== undefined && (
        <Text span fz="sm">
          {t("Started")} <When at={task.StartTime} />
        </Text>
      )}
      <Text span fz="sm">
        {later ? t("Starts") : t("Queued")} <When at={task.QueueTime} />
      </Text>
      {!later && waited >= 1000 && (
        <Text span fz="sm">
          {t("Waited {{time}}", { time: duration(waited) })}
        </Text>
      )}
      {task.ServerNode && (
        <Text span fz="sm">
          {t("On {{node}}", { node: task.ServerNode.replace(/^OctopusServerNodes-/, "") })}
        </Text>
      )}
    </Group>
  );
}
