import { Group, SegmentedControl, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconPackage, IconPackageExport, IconSearch, IconTerminal2 } from "@tabler/icons-react";
import { useState } from "react";
import { Dialog } from "../../parts/Dialog";
import { served, t } from "../../text";
import type { StepForm } from "./model";
import classes from "./Process.module.css";

const ICONS: Record<string, typeof IconPackage> = {
  "Octopus.Script": IconTerminal2,
  "Octopus.TransferPackage": IconPackageExport,
};

interface Props {
  types: readonly StepForm[];
  /** `all` or a category. */
  category: string;
  /** The name of the step the action goes into; undefined for a step of its own. */
  into: string | undefined;
  onCategory: (category: string) => void;
  onChoose: (type: StepForm) => void;
  onClose: () => void;
}

/** What a step may be, as cards by category; typing narrows them down and Enter takes the first. */
export function AddStep({ types, category, into, onCategory, onChoose, onClose }: Props) {
  const [text, setText] = useState("");
  const categories = [...new Set(types.map((each) => each.Category))];
  const wanted = text.trim().toLowerCase();
  const shown = types.filter(
    (each) =>
      (category === "all" || each.Category === category) &&
      `${each.Title} ${each.Summary} ${each.Name}`.toLowerCase().includes(wanted),
  );
  return (
    <Dialog
      opened
      onClose={onClose}
      size="xl"
      title={into ? t("Add an action to {{name}}", { name: into }) : t("Add a step")}
    >
      <Stack
        component="form"
        onSubmit={(event: { preventDefault: () => void }) => {
          event.preventDefault();
          if (shown[0]) onChoose(shown[0]);
        }}
      >
        <Group gap="sm">
          <TextInput
            type="search"
            flex={1}
            miw="12rem"
            data-autofocus
            aria-label={t("Filter step types")}
            placeholder={t("What should the step do?")}
            leftSection={<IconSearch size="1rem" aria-hidden />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <SegmentedControl
            aria-label={t("Category")}
            value={category}
            onChange={onCategory}
            data={[
              { value: "all", label: t("All") },
              ...categories.map((each) => ({ value: each, label: served(each) })),
            ]}
          />
        </Group>
        <ul className={classes.cards}>
          {shown.map((each) => {
            const Icon = ICONS[each.Name] ?? IconPackage;
            return (
              <li key={each.Name}>
                <UnstyledButton
                  type="button"
                  className={classes.card}
                  w="100%"
                  onClick={() => onChoose(each)}
                >
                  <Group gap="xs" wrap="nowrap">
                    <Icon size="1.2rem" aria-hidden />
                    <Text fw={600}>{served(each.Title)}</Text>
                  </Group>
                  <Text fz="sm" c="dimmed">
                    {served(each.Summary)}
                  </Text>
                </UnstyledButton>
              </li>
            );
          })}
        </ul>
        {shown.length === 0 && <Text c="dimmed">{t("No step type has these words.")}</Text>}
      </Stack>
    </Dialog>
  );
}
