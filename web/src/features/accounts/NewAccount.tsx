import { Select, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { post } from "../../api/client";
import { stale } from "../../api/queries";
import { Form } from "../../parts/Form";
import { FormEnd } from "../../parts/FormEnd";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { t } from "../../text";
import { word } from "../../text/shell";
import { AccountFields } from "./AccountFields";
import { type AccountDraft, fieldsOf, fresh, KINDS, TYPES } from "./kinds";

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
  const [form, setForm] = useState<AccountDraft>(() => fresh(types[0] ?? "SshKeyPair"));
  const saving = useSaving(fieldsOf(form.AccountType));
  const set = (change: Record<string, unknown>) => setForm((before) => ({ ...before, ...change }));
  const submit = async () => {
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
      ? {
          command: `gurita account create-ssh ${word(form.Name)} --username ${word(String(form.Username ?? ""))} --key-file FILE`,
        }
      : {}),
  });
  const text = textFields(form, set, saving);
  return (
    <Form saving={saving} onSend={submit} gap="sm">
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
      <TextInput label={t("Name of the account")} required withAsterisk={false} {...text("Name")} />
      <AccountFields form={form} set={set} errorOf={saving.errorOf} />
      <FormEnd action={t("Add account")} busy={saving.busy} request={request} onCancel={onCancel} />
    </Form>
  );
}

/** The form with a mark in place of each secret, to be copied. */
function withoutSecrets(form: AccountDraft): Record<string, unknown> {
  const found: Record<string, unknown> = { ...form };
  for (const field of KINDS[form.AccountType as Type].fields)
    if (field.as.startsWith("secret")) found[field.name] = { HasValue: true, NewValue: "…" };
  return found;
}
