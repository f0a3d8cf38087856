import { Button, Group, Menu, Select, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../../api/client";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { Form } from "../../parts/Form";
import { FormEnd } from "../../parts/FormEnd";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { useMay } from "../../shell/session";
import { t } from "../../text";

interface Props {
  task: Schema["Task"];
  spaceId: string;
}

/** What can be done with a task: cancel it, do it again, move it ahead, correct its result. */
export function TaskActions({ task, spaceId }: Props) {
  return (
    <>
      {task.State === "Queued" && <Prioritize task={task} spaceId={spaceId} />}
      {task.IsCompleted ? (
        <>
          <Correct task={task} spaceId={spaceId} />
          <Again task={task} spaceId={spaceId} />
        </>
      ) : (
        <Cancel task={task} spaceId={spaceId} />
      )}
    </>
  );
}

const missing = (permission: string) =>
  t("You need the permission {{permission}} for this. Who manages your teams can give it.", { permission });

const kindOf = (task: Schema["Task"]) => (task.Name === "Deploy" ? t("deployment") : t("task"));

function Cancel({ task, spaceId }: Props) {
  const [opened, { open, close }] = useDisclosure(false);
  const may = useMay("TaskCancel", spaceId);
  const saving = useSaving();
  const under = task.State === "Cancelling";
  const why = under
    ? t("It is being canceled already. What runs on targets is told to stop.")
    : may === false
      ? missing("TaskCancel")
      : undefined;
  const go = async () => {
    const done = await saving.run(async () => {
      await post("/api/tasks/{id}/cancel", { path: { id: task.Id } });
      stale("task", "deployment");
    });
    if (done) close();
  };
  const action = t("Cancel this {{kind}}", { kind: kindOf(task) });
  return (
    <>
      <WhyButton variant="default" color="red" why={why} onClick={open}>
        {under ? t("Being canceled") : t("Cancel")}
      </WhyButton>
      <Dialog opened={opened} onClose={close} title={action}>
        <Stack>
          <Text>
            {task.State === "Queued"
              ? t("“{{name}}” has not begun and will not begin.", { name: task.Description })
              : t(
                  "“{{name}}” ends as soon as it can: scripts that run are told to stop, and nothing more is begun. What was done already stays done.",
                  { name: task.Description },
                )}
          </Text>
          <Refused sentences={saving.others} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t("Let it run")}
            </Button>
            <Button color="red" loading={saving.busy} onClick={() => void go()} data-autofocus>
              {action}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}

function Again({ task, spaceId }: Props) {
  const saving = useSaving();
  const navigate = useNavigate();
  const why = task.CanRerun ? undefined : t("Tasks of this kind cannot be done again.");
  const go = () =>
    void saving.run(async () => {
      const made = await post("/api/tasks/rerun/{id}", { path: { id: task.Id } });
      stale("task", "deployment");
      await navigate({ to: `${spaceId ? `/${spaceId}` : "/configuration"}/tasks/${made.Id}` });
    });
  return (
    <Stack gap={4}>
      <WhyButton why={why} loading={saving.busy} onClick={go}>
        {t("Try again")}
      </WhyButton>
      <Refused error={saving.error} />
    </Stack>
  );
}

function Prioritize({ task, spaceId }: Props) {
  const saving = useSaving();
  const may = useMay("TaskPrioritize", spaceId);
  const go = () =>
    void saving.run(async () => {
      await post("/api/tasks/{id}/prioritize", { path: { id: task.Id } });
      stale("task");
    }, t("Moved ahead of all other tasks that wait"));
  return (
    <Stack gap={4}>
      <WhyButton
        variant="default"
        loading={saving.busy}
        why={may === false ? missing("TaskPrioritize") : undefined}
        onClick={go}
      >
        {t("Move to the front")}
      </WhyButton>
      <Refused error={saving.error} />
    </Stack>
  );
}

const RESULTS = ["Success", "Failed", "Canceled", "TimedOut"];

function Correct({ task, spaceId }: Props) {
  const [opened, { open, close }] = useDisclosure(false);
  const [State, setState] = useState<string | null>(null);
  const [Reason, setReason] = useState("");
  const saving = useSaving(["Reason", "State"]);
  const may = useMay("TaskEdit", spaceId);
  if (may !== true) return null;
  const save = async () => {
    const done = await saving.run(async () => {
      await post("/api/tasks/{id}/state", { path: { id: task.Id }, body: { State: State ?? "", Reason } });
      stale("task", "deployment");
    }, t("The result was corrected"));
    if (done) close();
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="xs" aria-label={t("More")}>
            <IconDots size="1.1rem" aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={open}>{t("Correct the result")}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Dialog opened={opened} onClose={close} title={t("Correct the result")}>
        <Form saving={saving} onSend={save}>
          <Text fz="sm">
            {t(
              "Dashboards and what may be deployed next go by the corrected result. Nothing is run or undone.",
            )}
          </Text>
          <Select
            label={t("Result")}
            data={RESULTS.filter((each) => each !== task.State)}
            value={State}
            onChange={setState}
            error={saving.errorOf("State")}
            required
          />
          <Textarea
            label={t("Reason")}
            description={t("It is kept in the audit trail.")}
            value={Reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={saving.errorOf("Reason")}
            required
          />
          <FormEnd action={t("Correct the result")} busy={saving.busy} onCancel={close} />
        </Form>
      </Dialog>
    </>
  );
}
