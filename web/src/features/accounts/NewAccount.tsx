import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { post } from "../../api/client";
import { stale } from "../../api/queries";
import { CopyAs } from "../../parts/CopyAs";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { t } from "../../text";
import { AccountFields } from "./AccountFields";
import { type Form, fieldsOf, fresh, KINDS, TYPES } from "./kinds";

type Type = (typeof TYPES)[number];

interface Props {
  spaceId: string;
  /** The kinds that are offered; all of them unless said otherwise. */
  types?: readonly Type[];
  onMade: (account: { Id: string; Name: string }) => void;
  onCancel: () => void;
}

/** The form of a new account. It can stand inside another page: it makes the account and says which. */
export function NewAccount({ spaceId, types = TYPES, onMade, onCancel }: Props) {
  const [form, setForm] = useState<Form>(() => fresh(types[0] ?? "SshKeyPair"));
  const saving = useSaving(fieldsOf(form.AccountType));
  const set = (change: Record<string, unknown>) => setForm((before) => ({ ...before, ...change }));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    await saving.run(
      async () => {
        const made = await post("/api/{spaceId}/accounts", { path: { spaceId }, body: form as never });
        stale("other");
        onMade(made as { Id: string; Name: string });
      },
      t("The account {{name}} was added", { name: form.Name }),
    );
  };
  const request = () => ({
    method: "POST" as const,
    template: "/api/{spaceId}/accounts",
    path: { spaceId },
    body: withoutSecrets(form),
    ...(form.AccountType === "SshKeyPair"
      ? { command: `gurita account create-ssh '${form.Name}' --username '${form.Username}' --key-file FILE` }
      : {}),
  });
  return (
    <Stack component="form" onSubmit={submit} gap="sm">
      <Refused sentences={saving.others} />
      <Select
        label={t("Kind of account")}
        data={types.map((type) => ({ value: type, label: t(KINDS[type].label) }))}
        value={form.AccountType}
        onChange={(type) => type && setForm((before) => ({ ...fresh(type as Type), Name: before.Name }))}
        allowDeselect={false}
      />
      <Text fz="sm" c="dimmed">
        {t(KINDS[form.AccountType as Type].about)}
      </Text>
      <TextInput
        label={t("Name of the account")}
        required
        withAsterisk={false}
        value={form.Name}
        onChange={(event) => set({ Name: event.currentTarget.value })}
        error={saving.errorOf("Name")}
      />
      <AccountFields form={form} set={set} errorOf={saving.errorOf} />
      <Group>
        <Button type="submit" loading={saving.busy}>
          {t("Add account")}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {t("Cancel")}
        </Button>
        <CopyAs request={request} />
      </Group>
    </Stack>
  );
}

/** The form with a mark in place of each secret, to be copied. */
function withoutSecrets(form: Form): Record<string, unknown> {
  const found: Record<string, unknown> = { ...form };
  for (const field of KINDS[form.AccountType as Type].fields)
    if (field.as.startsWith("secret")) found[field.name] = { HasValue: true, NewValue: "…" };
  return found;
}
