import { Button, Group, List, Progress, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { post } from "../../api/client";
import { sentencesOf } from "../../api/errors";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { WhyButton } from "../../parts/WhyButton";
import { useMay } from "../../shell/session";
import { t } from "../../text";

interface Props {
  tasks: readonly Schema["Task"][];
  spaceId: string;
  onDone: () => void;
}

interface Course {
  all: readonly Schema["Task"][];
  done: number;
  refused: { task: Schema["Task"]; why: string }[];
}

/** Cancels the chosen tasks one after the other, and says which were refused and why. */
export function BulkCancel({ tasks, spaceId, onDone }: Props) {
  const [opened, { open, close }] = useDisclosure(false);
  const [course, setCourse] = useState<Course>();
  const may = useMay("TaskCancel", spaceId);
  const why =
    tasks.length === 0
      ? t("Choose tasks that have not ended, by the boxes at the end of their rows.")
      : may === false
        ? t("You need the permission {{permission}} for this. Who manages your teams can give it.", {
            permission: "TaskCancel",
          })
        : undefined;
  const go = async () => {
    const all = [...tasks];
    const refused: Course["refused"] = [];
    for (const [at, task] of all.entries()) {
      setCourse({ all, done: at, refused: [...refused] });
      try {
        await post("/api/tasks/{id}/cancel", { path: { id: task.Id } });
      } catch (error) {
        refused.push({ task, why: sentencesOf(error).join(" ") });
      }
    }
    setCourse({ all, done: all.length, refused });
    stale("task", "deployment");
    if (refused.length === 0) end();
  };
  const end = () => {
    close();
    setCourse(undefined);
    onDone();
  };
  const action = t("Cancel {{count}} tasks", { count: tasks.length, one: "Cancel 1 task" });
  const busy = course !== undefined && course.done < course.all.length;
  return (
    <>
      <WhyButton variant="default" color="red" why={why} onClick={open}>
        {tasks.length > 0 ? action : t("Cancel tasks")}
      </WhyButton>
      <Dialog opened={opened} onClose={() => (course ? !busy && end() : close())} title={action}>
        {course ? (
          <Going course={course} onEnd={end} busy={busy} />
        ) : (
          <Stack>
            <Text>
              {t(
                "What has not begun will not begin. Scripts that run are told to stop; what was done stays done.",
              )}
            </Text>
            <List size="sm">
              {tasks.slice(0, 10).map((task) => (
                <List.Item key={task.Id}>{task.Description}</List.Item>
              ))}
            </List>
            {tasks.length > 10 && (
              <Text fz="sm">{t("and {{count}} more", { count: tasks.length - 10 })}</Text>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t("Let them run")}
              </Button>
              <Button color="red" data-autofocus onClick={() => void go()}>
                {action}
              </Button>
            </Group>
          </Stack>
        )}
      </Dialog>
    </>
  );
}

function Going({ course, onEnd, busy }: { course: Course; onEnd: () => void; busy: boolean }) {
  const { all, done, refused } = course;
  return (
    <Stack>
      <Text role="status">{t("{{done}} of {{all}} asked to end", { done, all: all.length })}</Text>
      <Progress value={(100 * done) / Math.max(1, all.length)} aria-label={t("Progress")} />
      {refused.length > 0 && (
        <List size="sm">
          {refused.map(({ task, why }) => (
            <List.Item key={task.Id}>
              {task.Description}: {why}
            </List.Item>
          ))}
        </List>
      )}
      <Group justify="flex-end">
        <Button onClick={onEnd} disabled={busy}>
          {t("Close")}
        </Button>
      </Group>
    </Stack>
  );
}
