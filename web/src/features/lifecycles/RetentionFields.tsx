import { Group, NumberInput, Select } from "@mantine/core";
import { t } from "../../text";
import type { Retention } from "./model";

interface Props {
  label: string;
  description?: string;
  value: Retention | null | undefined;
  /** Whether nothing may be said here: then the lifecycle's word counts. */
  inherits?: boolean;
  error?: string | undefined;
  readOnly: boolean;
  onChange: (policy: Retention | null) => void;
}

/** How much is kept: the space's usual, everything, or the newest. */
export function RetentionFields({ label, description, value, inherits, error, readOnly, onChange }: Props) {
  const strategy = value ? (value.Strategy ?? (value.ShouldKeepForever ? "Forever" : "Count")) : "Inherit";
  const choose = (chosen: string | null) => {
    if (chosen === "Inherit") return onChange(null);
    const Strategy = (chosen ?? "Default") as Retention["Strategy"];
    const count = Strategy === "Count";
    onChange({
      Strategy,
      Unit: value?.Unit ?? "Items",
      QuantityToKeep: count ? value?.QuantityToKeep || 10 : 0,
      ShouldKeepForever: Strategy === "Forever",
    });
  };
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label={label}
        description={description}
        error={error}
        readOnly={readOnly}
        allowDeselect={false}
        w="18rem"
        data={[
          ...(inherits ? [{ value: "Inherit", label: t("As the lifecycle says") }] : []),
          { value: "Default", label: t("As the space says") },
          { value: "Forever", label: t("For ever") },
          { value: "Count", label: t("The newest") },
        ]}
        value={strategy}
        onChange={choose}
      />
      {value && strategy === "Count" && (
        <>
          <NumberInput
            aria-label={t("{{what}}: how many", { what: label })}
            w="6rem"
            min={1}
            allowDecimal={false}
            readOnly={readOnly}
            value={value.QuantityToKeep}
            onChange={(typed) => onChange({ ...value, QuantityToKeep: Number(typed) || 0 })}
          />
          <Select
            aria-label={t("{{what}}: items or days", { what: label })}
            w="8rem"
            readOnly={readOnly}
            allowDeselect={false}
            data={[
              { value: "Items", label: t("items") },
              { value: "Days", label: t("days") },
            ]}
            value={value.Unit}
            onChange={(unit) => onChange({ ...value, Unit: unit === "Days" ? "Days" : "Items" })}
          />
        </>
      )}
    </Group>
  );
}
