import { Group, Input, NumberInput, Select } from "@mantine/core";
import { useId } from "react";
import { t } from "../../text";
import { type Span, spanOf, textOf, UNITS, type Unit } from "./spans";

interface Props {
  label: string;
  description?: string;
  value: string | null | undefined;
  onChange: (text: string) => void;
  error?: string | undefined;
  readOnly?: boolean;
}

/** A span of time as a number and a unit. */
export function SpanInput({ label, description, value, onChange, error, readOnly = false }: Props) {
  const id = useId();
  const span = spanOf(value);
  const set = (change: Partial<Span>) => onChange(textOf({ ...span, ...change }));
  return (
    <Input.Wrapper label={label} description={description} error={error} id={id} labelElement="div">
      <Group gap="xs" wrap="nowrap" mt={4}>
        <NumberInput
          aria-label={label}
          min={0}
          max={10_000}
          allowDecimal={false}
          value={span.count}
          onChange={(count) => set({ count: Number(count) })}
          readOnly={readOnly}
          w="6.5rem"
        />
        <Select
          aria-label={t("Unit of {{label}}", { label })}
          data={UNITS.map((unit) => ({ value: unit, label: t(unit) }))}
          value={span.unit}
          onChange={(unit) => unit && set({ unit: unit as Unit })}
          allowDeselect={false}
          readOnly={readOnly}
          w="7.5rem"
        />
      </Group>
    </Input.Wrapper>
  );
}
