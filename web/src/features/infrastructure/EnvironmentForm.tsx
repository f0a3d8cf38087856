import { Button, Group, Modal, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { post, put } from "../../api/client";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { CopyAs } from "../../parts/CopyAs";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { t } from "../../text";

type Environment = Schema["Environment"];

const FRESH = { Name: "", Description: "", UseGuidedFailure: false, AllowDynamicInfrastructure: false };

interface Props {
  spaceId: string;
  /** The environment to change; nothing for a new one. */
  environment?: Environment;
  onDone: () => void;
}

/** The form of an environment. */
export function EnvironmentForm({ spaceId, environment, onDone }: Props) {
  const [form, setForm] = useState<Partial<Environment>>(environment ?? FRESH);
  const saving = useSaving(["Name", "Description", "Slug"]);
  const set = (change: Partial<Environment>) => setForm((before) => ({ ...before, ...change }));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const done = await saving.run(
      () =>
        environment
          ? put("/api/{spaceId}/environments/{id}", { path: { spaceId, id: environment.Id }, body: form })
          : post("/api/{spaceId}/environments", { path: { spaceId }, body: form }),
      t("{{name}} was saved", { name: form.Name ?? "" }),
    );
    stale("environment");
    if (done) onDone();
  };
  const request = () => ({
    method: environment ? ("PUT" as const) : ("POST" as const),
    template: environment ? "/api/{spaceId}/environments/{id}" : "/api/{spaceId}/environments",
    path: { spaceId, ...(environment ? { id: environment.Id } : {}) },
    body: form,
    ...(environment ? {} : { command: `gurita environment create '${form.Name ?? ""}'` }),
  });
  return (
    <Stack component="form" onSubmit={submit}>
      <Refused sentences={saving.others} />
      <TextInput
        label={t("Name")}
        required
        withAsterisk={false}
        data-autofocus
        value={form.Name ?? ""}
        onChange={(event) => set({ Name: event.currentTarget.value })}
        error={saving.errorOf("Name")}
      />
      <Textarea
        label={t("Description")}
        autosize
        minRows={2}
        value={form.Description ?? ""}
        onChange={(event) => set({ Description: event.currentTarget.value })}
        error={saving.errorOf("Description")}
      />
      <Switch
        label={t("Ask a person when a step fails")}
        description={t(
          "Guided failure: deployments here wait for somebody to say whether to try again, skip or stop.",
        )}
        checked={form.UseGuidedFailure ?? false}
        onChange={(event) => set({ UseGuidedFailure: event.currentTarget.checked })}
      />
      <Group justify="flex-end">
        <CopyAs request={request} />
        <Button variant="default" onClick={onDone}>
          {t("Cancel")}
        </Button>
        <Button type="submit" loading={saving.busy}>
          {environment ? t("Save") : t("Add environment")}
        </Button>
      </Group>
    </Stack>
  );
}

/** The same in a dialog. */
export function EnvironmentDialog({ opened, ...props }: Props & { opened: boolean }) {
  return (
    <Modal
      opened={opened}
      onClose={props.onDone}
      title={
        props.environment ? t("Change {{name}}", { name: props.environment.Name }) : t("Add an environment")
      }
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      {opened && <EnvironmentForm {...props} />}
    </Modal>
  );
}
