import { Button, Group, PasswordInput, Text } from "@mantine/core";
import type { Schema } from "../api/types";
import { t } from "../text";

type Sensitive = Schema["SensitiveValue"];

interface Props {
  label: string;
  description?: string | undefined;
  value: Sensitive | null | undefined;
  onChange: (value: Sensitive) => void;
  error?: string | undefined;
  readOnly?: boolean;
}

/** A secret, which is only ever written: set, kept or cleared. What is set is never shown, nor how long it is. */
export function SecretInput({ label, description, value, onChange, error, readOnly }: Props) {
  const kept = value?.HasValue === true && value.NewValue == null;
  return (
    <div>
      <PasswordInput
        label={label}
        description={description}
        value={value?.NewValue ?? ""}
        placeholder={kept ? t("Set. Type to replace it.") : t("Not set")}
        onChange={(event) => {
          const text = event.currentTarget.value;
          onChange({ HasValue: text !== "", NewValue: text || null, Hint: null });
        }}
        autoComplete="new-password"
        error={error}
        readOnly={readOnly ?? false}
        visibilityToggleButtonProps={{ "aria-label": t("Show what is typed") }}
      />
      {kept && !readOnly && (
        <Group gap="xs" mt={4}>
          <Text fz="xs" c="dimmed">
            {t("A value is set and is kept.")}
          </Text>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => onChange({ HasValue: false, NewValue: null, Hint: null })}
          >
            {t("Clear {{label}}", { label })}
          </Button>
        </Group>
      )}
    </div>
  );
}
