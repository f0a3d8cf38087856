import { Group, NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { post } from "../../api/client";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Form } from "../../parts/Form";
import { FormEnd } from "../../parts/FormEnd";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { t } from "../../text";

const KEYS = [
  { value: "EcdsaP256", label: "ECDSA P-256" },
  { value: "EcdsaP384", label: "ECDSA P-384" },
  { value: "Ed25519", label: "Ed25519" },
  { value: "Rsa2048", label: "RSA 2048" },
  { value: "Rsa4096", label: "RSA 4096" },
];

interface Props {
  spaceId: string;
  onDone: (id: string) => void;
  onCancel: () => void;
}

/** The form that makes a self-signed certificate with a new key. */
export function Generate({ spaceId, onDone, onCancel }: Props) {
  const [form, setForm] = useState<Partial<Schema["Generation"]>>({
    Name: "",
    CommonName: "",
    SubjectAlternativeNames: [],
    DaysValid: 365,
    KeyType: "EcdsaP256",
  });
  const saving = useSaving(["Name", "CommonName", "SubjectAlternativeNames", "DaysValid", "KeyType"]);
  const set = (change: Partial<Schema["Generation"]>) => setForm((before) => ({ ...before, ...change }));
  const submit = async () => {
    await saving.run(
      async () => {
        const made = await post("/api/{spaceId}/certificates/generate", { path: { spaceId }, body: form });
        stale("other");
        onDone(made.Id);
      },
      t("The certificate {{name}} was made", { name: form.Name ?? "" }),
    );
  };
  const text = textFields(form, set, saving);
  return (
    <Form saving={saving} onSend={submit}>
      <TextInput label={t("Name")} required withAsterisk={false} data-autofocus {...text("Name")} />
      <TextInput
        label={t("Common name")}
        description={t("For whom it is, such as shop.example.")}
        required
        withAsterisk={false}
        {...text("CommonName")}
      />
      <TagsInput
        label={t("Other names")}
        description={t("Host names and addresses it is good for, too.")}
        value={form.SubjectAlternativeNames ?? []}
        onChange={(SubjectAlternativeNames) => set({ SubjectAlternativeNames })}
        error={saving.errorOf("SubjectAlternativeNames")}
      />
      <Group grow>
        <NumberInput
          label={t("Valid for days")}
          min={1}
          max={3650}
          value={form.DaysValid ?? 365}
          onChange={(days) => set({ DaysValid: Number(days) })}
          error={saving.errorOf("DaysValid")}
        />
        <Select
          label={t("Key")}
          data={KEYS}
          value={form.KeyType ?? "EcdsaP256"}
          onChange={(KeyType) => KeyType && set({ KeyType: KeyType as Schema["Generation"]["KeyType"] })}
          allowDeselect={false}
          error={saving.errorOf("KeyType")}
        />
      </Group>
      <FormEnd
        action={t("Generate certificate")}
        busy={saving.busy}
        request={() => ({
          method: "POST",
          template: "/api/{spaceId}/certificates/generate",
          path: { spaceId },
          body: form,
        })}
        onCancel={onCancel}
      />
    </Form>
  );
}
