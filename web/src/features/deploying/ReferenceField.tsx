import { Select, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { t } from "../../text";
import { referred } from "./references";
import { useReferred } from "./useReferred";

interface Props {
  /** The control of the question, such as `Certificate`. */
  kind: string;
  /** The names of the steps of the release. */
  steps: readonly string[];
  label: string;
  description: ReactNode;
  error: string | undefined;
  required: boolean;
  name: string;
  value: string;
  onChange: (answer: string) => void;
}

/** Chooses an account, a certificate, a worker pool or a step by its name; who may not list them types the id. */
export function ReferenceField({ kind, steps, name, value, onChange, ...common }: Props) {
  const { found, refused } = useReferred(kind, steps);
  if (refused)
    return (
      <TextInput
        {...common}
        data-question={name}
        placeholder={t("The id: you may not list them")}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  const choices = referred(found ?? [], value);
  return (
    <Select
      {...common}
      data-question={name}
      data={choices}
      value={value || null}
      searchable
      clearable={!common.required}
      clearButtonProps={{ "aria-label": t("Clear {{name}}", { name: common.label }) }}
      limit={200}
      placeholder={found ? t("Choose one") : t("One moment")}
      nothingFoundMessage={
        choices.length === 0 ? t("This space has none that fits.") : t("Nothing of that name")
      }
      onChange={(chosen) => onChange(chosen ?? "")}
    />
  );
}
