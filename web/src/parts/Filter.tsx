import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { t } from "../text";

/** The text filter of a list; `/` goes to it from anywhere on the page. */
export function Filter({
  value,
  onChange,
  label,
}: {
  value: string;
  onChange: (text: string) => void;
  label: string;
}) {
  return (
    <TextInput
      type="search"
      data-filter
      aria-label={label}
      placeholder={t("Filter (press /)")}
      leftSection={<IconSearch size="1rem" aria-hidden />}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
