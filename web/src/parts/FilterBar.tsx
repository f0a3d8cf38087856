import { Button, Collapse, Group, Stack } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { t } from "../text";
import { Filter } from "./Filter";

interface Props {
  /** What the text is looked for in. */
  label: string;
  text?: string | undefined;
  onText: (text: string) => void;
  /** How many of the further filters are set. */
  count: number;
  onClear: () => void;
  /** The further filters; made when they are shown. */
  children: () => ReactNode;
  /** What else stands in the line. */
  beside?: ReactNode;
}

/** The filters of a list: a text always, further ones folded away unless one of them is set. */
export function FilterBar({ label, text = "", onText, count, onClear, children, beside }: Props) {
  const [opened, setOpened] = useState(count > 0);
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Filter label={label} value={text} onChange={onText} />
        <Button
          variant="default"
          aria-expanded={opened}
          leftSection={<IconAdjustmentsHorizontal size="1rem" aria-hidden />}
          onClick={() => setOpened(!opened)}
        >
          {count > 0 ? t("Filters ({{n}})", { n: count }) : t("Filters")}
        </Button>
        {(count > 0 || text) && (
          <Button variant="subtle" onClick={onClear}>
            {t("Clear all")}
          </Button>
        )}
        {beside}
      </Group>
      <Collapse expanded={opened}>{opened && children()}</Collapse>
    </Stack>
  );
}
