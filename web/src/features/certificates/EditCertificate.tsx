import { Textarea, TextInput } from "@mantine/core";
import { put } from "../../api/client";
import { reading, stale, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { useDraft } from "../../parts/draft";
import { Form } from "../../parts/Form";
import { choicesOf, PickMany } from "../../parts/PickMany";
import { SaveBar } from "../../parts/SaveBar";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { t } from "../../text";

interface Props {
  spaceId: string;
  certificate: Schema["Certificate"];
  may: boolean;
}

/** What of a certificate is its keeper's own: name, notes, where it may be used. */
export function EditCertificate({ spaceId, certificate, may }: Props) {
  const { draft, set, dirty, reset, settle, moved } = useDraft(certificate);
  const saving = useSaving(["Name", "Notes", "EnvironmentIds"]);
  const environments = useQuery(
    reading("environment", "/api/{spaceId}/environments/all", { path: { spaceId } }),
  ).data;
  const submit = async () => {
    const path = { spaceId, id: certificate.Id };
    await saving.run(
      async () => settle(await put("/api/{spaceId}/certificates/{id}", { path, body: draft })),
      t("{{name}} was saved", { name: draft.Name }),
    );
    stale("other");
  };
  const text = textFields(draft, set, saving, !may);
  return (
    <Section title={t("Settings")}>
      <Form saving={saving} onSend={submit} gap="sm" maw="40rem">
        <TextInput label={t("Name")} {...text("Name")} />
        <Textarea label={t("Notes")} autosize minRows={1} {...text("Notes")} />
        <PickMany
          label={t("Environments it may be used in")}
          value={draft.EnvironmentIds}
          onChange={(EnvironmentIds) => set({ EnvironmentIds })}
          choices={choicesOf(environments)}
          none={t("All environments")}
          error={saving.errorOf("EnvironmentIds")}
          readOnly={!may}
        />
        {may && <SaveBar dirty={dirty} busy={saving.busy} onReset={reset} moved={moved} />}
      </Form>
    </Section>
  );
}
