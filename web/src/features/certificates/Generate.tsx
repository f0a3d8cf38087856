import { Button, Group, NumberInput, Select, Stack, TagsInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { post } from "../../api/client";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { CopyAs } from "../../parts/CopyAs";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
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
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    await saving.run(
      async () => {
        const made = await post("/api/{spaceId}/certificates/generate", { path: { spaceId }, body: form });
        stale("other");
        onDone(made.Id);
      },
      t("The certificate {{name}} was made", { name: form.Name ?? "" }),
    );
  };
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
      <TextInput
        label={t("Common name")}
        description={t("For whom it is, such as shop.example.")}
        required
        withAsterisk={false}
        value={form.CommonName ?? ""}
        onChange={(event) => set({ CommonName: event.currentTarget.value })}
        error={saving.errorOf("CommonName")}
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
      <Group justify="flex-end">
        <CopyAs
          request={() => ({
            method: "POST",
            template: "/api/{spaceId}/certificates/generate",
            path: { spaceId },
            body: form,
          })}
        />
        <Button variant="default" onClick={onCancel}>
          {t("Cancel")}
        </Button>
        <Button type="submit" loading={saving.busy}>
          {t("Generate certificate")}
        </Button>
      </Group>
    </Stack>
  );
}
