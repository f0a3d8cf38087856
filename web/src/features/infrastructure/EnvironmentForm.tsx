import { Switch, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { post, put } from "../../api/client";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { Form } from "../../parts/Form";
import { FormEnd } from "../../parts/FormEnd";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { t } from "../../text";
import { word } from "../../text/shell";

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
  const submit = async () => {
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
    ...(environment ? {} : { command: `gurita environment create ${word(form.Name ?? "")}` }),
  });
  const text = textFields(form, set, saving);
  return (
    <Form saving={saving} onSend={submit}>
      <TextInput label={t("Name")} required withAsterisk={false} data-autofocus {...text("Name")} />
      <Textarea label={t("Description")} autosize minRows={2} {...text("Description")} />
      <Switch
        label={t("Ask a person when a step fails")}
        description={t(
          "Guided failure: deployments here wait for somebody to say whether to try again, skip or stop.",
        )}
        checked={form.UseGuidedFailure ?? false}
        onChange={(event) => set({ UseGuidedFailure: event.currentTarget.checked })}
      />
      <FormEnd
        action={environment ? t("Save") : t("Add environment")}
        busy={saving.busy}
        request={request}
        onCancel={onDone}
      />
    </Form>
  );
}

/** The same in a dialog. */
export function EnvironmentDialog({ opened, ...props }: Props & { opened: boolean }) {
  return (
    <Dialog
      opened={opened}
      onClose={props.onDone}
      title={
        props.environment ? t("Change {{name}}", { name: props.environment.Name }) : t("Add an environment")
      }
    >
      {opened && <EnvironmentForm {...props} />}
    </Dialog>
  );
}
