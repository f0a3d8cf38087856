import { Button, Checkbox, Popover, ScrollArea, Stack, TextInput } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { t } from "../../text";

interface Choice {
  id: string;
  name: string;
  shown?: ReactNode;
}

interface Props {
  label: string;
  choices: readonly Choice[];
  picked: readonly string[];
  onPick: (ids: string[]) => void;
}

const MANY = 8;

/** A filter by some of several things; its button says how many are picked. */
export function FilterMenu({ label, choices, picked, onPick }: Props) {
  const [wanted, setWanted] = useState("");
  const found = choices.filter((each) =>
    each.name.toLocaleLowerCase().includes(wanted.trim().toLocaleLowerCase()),
  );
  const count = picked.length > 0 ? ` · ${picked.length}` : "";
  return (
    <Popover position="bottom-start" width="16rem" trapFocus withinPortal>
      <Popover.Target>
        <Button
          variant={picked.length > 0 ? "light" : "default"}
          rightSection={<IconChevronDown size="0.9rem" aria-hidden />}
          fw={500}
        >
          {label}
          {count}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label={label}>
        <Stack gap="xs">
          {choices.length > MANY && (
            <TextInput
              size="xs"
              aria-label={t("Find in {{list}}", { list: label })}
              placeholder={t("Find")}
              value={wanted}
              onChange={(event) => setWanted(event.currentTarget.value)}
            />
          )}
          <ScrollArea.Autosize mah="16rem" type="auto">
            <Checkbox.Group value={[...picked]} onChange={onPick} aria-label={label}>
              <Stack gap="xs" p={4}>
                {found.map((each) => (
                  <Checkbox key={each.id} value={each.id} label={each.shown ?? each.name} />
                ))}
              </Stack>
            </Checkbox.Group>
          </ScrollArea.Autosize>
          {picked.length > 0 && (
            <Button size="compact-sm" variant="subtle" onClick={() => onPick([])}>
              {t("Show all")}
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
