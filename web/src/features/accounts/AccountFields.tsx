import { Button, FileButton, Group, Select, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { reading, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { SecretInput } from "../../parts/SecretInput";
import { t } from "../../text";
import { base64Of } from "../certificates/shared";
import { type AccountDraft, type Field, KINDS } from "./kinds";

type Sensitive = Schema["SensitiveValue"];

interface Props {
  form: AccountDraft;
  set: (change: Record<string, unknown>) => void;
  errorOf: (field: string) => string | undefined;
  readOnly?: boolean;
}

/** The fields of an account's own kind. Secrets are only ever written. */
export function AccountFields({ form, set, errorOf, readOnly = false }: Props) {
  const fields = KINDS[form.AccountType as keyof typeof KINDS]?.fields ?? [];
  return fields.map((field) => (
    <One
      key={field.name}
      field={field}
      value={form[field.name]}
      onChange={(value) => set({ [field.name]: value })}
      error={errorOf(field.name)}
      readOnly={readOnly}
    />
  ));
}

interface OneProps {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  error: string | undefined;
  readOnly: boolean;
}

function One({ field, value, onChange, error, readOnly }: OneProps) {
  const told = {
    label: t(field.label),
    description: field.help ? t(field.help) : undefined,
    error,
    readOnly,
  };
  if (field.as === "secret") return <SecretInput {...told} value={value as Sensitive} onChange={onChange} />;
  if (field.as === "secretText" || field.as === "secretFile")
    return <LongSecret {...told} field={field} value={value as Sensitive} onChange={onChange} />;
  if (field.as === "list")
    return <TagsInput {...told} value={(value as string[] | null) ?? []} onChange={onChange} />;
  if (field.as === "azure") return <AzureCloud {...told} value={value as string} onChange={onChange} />;
  return (
    <TextInput
      {...told}
      value={value === null || value === undefined ? "" : String(value)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface LongProps {
  label: string;
  description: string | undefined;
  error: string | undefined;
  readOnly: boolean;
  field: Field;
  value: Sensitive | undefined;
  onChange: (value: Sensitive) => void;
}

/** A secret that is a text of several lines or a file. What is set is kept until another takes its place. */
function LongSecret({ label, description, error, readOnly, field, value, onChange }: LongProps) {
  const kept = value?.HasValue === true && value.NewValue == null;
  const give = (text: string) =>
    onChange((text ? { HasValue: true, NewValue: text } : { HasValue: false }) as Sensitive);
  const take = async (file: File | null) => {
    if (file) give(field.as === "secretFile" ? await base64Of(file) : await file.text());
  };
  const chooser = !readOnly && (
    <FileButton onChange={(file) => void take(file)} {...(field.accept ? { accept: field.accept } : {})}>
      {(props) => (
        <Button {...props} size="compact-xs" variant="default">
          {t("From a file")}
        </Button>
      )}
    </FileButton>
  );
  return (
    <div>
      <Textarea
        label={label}
        description={description}
        error={error}
        readOnly={readOnly || field.as === "secretFile"}
        autosize
        minRows={field.as === "secretFile" ? 1 : 3}
        maxRows={8}
        autoComplete="off"
        spellCheck={false}
        placeholder={kept ? t("Set. Replace it by another.") : t("Not set")}
        value={
          field.as === "secretFile"
            ? value?.NewValue
              ? t("A file was chosen.")
              : ""
            : (value?.NewValue ?? "")
        }
        onChange={(event) => give(event.currentTarget.value)}
      />
      <Group gap="xs" mt={4}>
        {chooser}
        {kept && (
          <Text fz="xs" c="dimmed">
            {t("A value is set and is kept.")}
          </Text>
        )}
      </Group>
    </div>
  );
}

interface CloudProps {
  label: string;
  error: string | undefined;
  readOnly: boolean;
  value: string | null;
  onChange: (value: unknown) => void;
}

function AzureCloud({ label, error, readOnly, value, onChange }: CloudProps) {
  const clouds = useQuery(reading("other", "/api/accounts/azureenvironments")).data ?? [];
  return (
    <Select
      label={label}
      error={error}
      readOnly={readOnly}
      data={clouds.map((each) => ({ value: each.Name, label: each.DisplayName }))}
      value={value || null}
      placeholder={t("Azure's public cloud")}
      onChange={(found) => onChange(found ?? "")}
      clearable
      clearButtonProps={{ "aria-label": t("Clear") }}
    />
  );
}
