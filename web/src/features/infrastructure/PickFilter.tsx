import { Select } from "@mantine/core";
import { useQuery } from "../../api/queries";
import { t } from "../../text";
import { type Fitting, filtersReading } from "./savedFilters";

interface Props {
  spaceId: string;
  value: string | undefined;
  /** What the chosen filter means now, from `useFitting`. */
  fitting: Fitting | undefined;
  disabled?: boolean;
  onChange: (name: string | undefined) => void;
}

/** Chooses targets by one of the saved filters; nothing where none was saved. */
export function PickFilter({ spaceId, value, fitting, disabled = false, onChange }: Props) {
  const filters = useQuery(filtersReading(spaceId)).data?.Filters ?? [];
  const names = filters.map((each) => each.Name);
  if (names.length === 0 && value === undefined) return null;
  return (
    <Select
      label={t("Only targets of the saved filter")}
      description={t("It is looked up anew for each plan, and whenever a target changes.")}
      placeholder={t("None")}
      data={value === undefined || names.includes(value) ? names : [...names, value]}
      value={value ?? null}
      clearable
      clearButtonProps={{ "aria-label": t("Use no filter") }}
      disabled={disabled}
      error={fitting === "missing" && t("There is no such filter any more.")}
      onChange={(name) => onChange(name ?? undefined)}
    />
  );
}
