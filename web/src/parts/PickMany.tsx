import { MultiSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { t } from "../text";

export interface Choice {
  value: string;
  label: string;
}

interface Props {
  label: ReactNode;
  description?: string | undefined;
  value: readonly string[];
  onChange: (value: string[]) => void;
  choices: readonly Choice[];
  /** What it means that nothing is chosen. */
  none?: string;
  error?: string | undefined;
  readOnly?: boolean;
}

/** Chooses several of a list by their names; an id whose name is not known stays as it is. */
export function PickMany({ label, description, value, onChange, choices, none, error, readOnly }: Props) {
  const known = new Set(choices.map((choice) => choice.value));
  const strange = value.filter((id) => !known.has(id)).map((id) => ({ value: id, label: id }));
  return (
    <MultiSelect
      label={label}
      description={description}
      data={[...choices, ...strange]}
      value={[...value]}
      onChange={onChange}
      searchable={!readOnly}
      clearable={!readOnly}
      readOnly={readOnly ?? false}
      hidePickedOptions
      maxDropdownHeight="16rem"
      limit={200}
      nothingFoundMessage={t("Nothing of that name")}
      placeholder={value.length === 0 ? none : ""}
      error={error}
      clearButtonProps={{ "aria-label": t("Clear") }}
    />
  );
}

/** Resources as choices, by name. */
export const choicesOf = (items: readonly { Id: string; Name: string }[] = []): Choice[] =>
  items.map(({ Id, Name }) => ({ value: Id, label: Name }));
