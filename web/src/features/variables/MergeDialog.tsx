import { Button, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { t } from "../../text";
import type { Clash, Editor } from "./editor";
import type { Choice, Conflict } from "./merging";
import { FIELD_WORDS, isSensitive, type Row } from "./model";
import classes from "./Review.module.css";
import { fieldText } from "./showing";

/** Two people changed the same: what it was, what each made of it, and whose it is to be. Nothing is chosen for anybody. */
export function MergeDialog({ editor, clash }: { editor: Editor; clash: Clash }) {
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(new Map());
  const { conflicts } = clash;
  const open = conflicts.filter((each) => !choices.has(each.key)).length;
  const all = (choice: Choice) => setChoices(new Map(conflicts.map((each) => [each.key, choice])));
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t("Somebody else has changed the same")}
      size="lg"
    >
      <Stack>
        <Text fz="sm">
          {t(
            "These variables were saved by somebody else while you changed them. What only one of you changed is put together; choose for the rest. Nothing is saved yet.",
          )}
        </Text>
        <Group gap="xs">
          <Button variant="default" size="compact-sm" onClick={() => all("yours")}>
            {t("Mine for all")}
          </Button>
          <Button variant="default" size="compact-sm" onClick={() => all("theirs")}>
            {t("Theirs for all")}
          </Button>
        </Group>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section className={classes.list} aria-label={t("What both changed")} tabIndex={0}>
          {conflicts.map((conflict) => (
            <One
              key={conflict.key}
              editor={editor}
              conflict={conflict}
              clash={clash}
              value={choices.get(conflict.key)}
              onChange={(choice) => setChoices(new Map(choices).set(conflict.key, choice))}
            />
          ))}
        </section>
        <Group justify="flex-end">
          <Text fz="sm" c="dimmed" role="status">
            {open > 0
              ? t("{{count}} still to choose", { count: open, one: "{{count}} still to choose" })
              : t("All chosen")}
          </Text>
          <Button disabled={open > 0} onClick={() => editor.settle(choices)}>
            {t("Go on with these")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

interface OneProps {
  editor: Editor;
  conflict: Conflict;
  clash: Clash;
  value: Choice | undefined;
  onChange: (choice: Choice) => void;
}

function One({ conflict, clash, value, onChange }: OneProps) {
  const { base, yours, theirs, kind, field } = conflict;
  const text = (row: Row | undefined, mine: boolean): string => {
    if (!row || (kind === "you-removed" && mine)) return t("deleted");
    if (!field) return describe(row, clash);
    if (field === "value" && isSensitive(row) && !mine) return t("another secret");
    return fieldText(row, field, clash.loaded.book, () => []) || t("(empty)");
  };
  const was = field
    ? field === "value" && isSensitive(base)
      ? t("a secret")
      : fieldText(base, field, clash.loaded.book, () => []) || t("(empty)")
    : describe(base, clash);
  const title = `${base.name}${field ? ` · ${t(FIELD_WORDS[field])}` : ""}`;
  return (
    <div className={classes.item}>
      <Radio.Group label={title} value={value ?? ""} onChange={(choice) => onChange(choice as Choice)}>
        <dl className={classes.field}>
          <dt>{t("It was")}</dt>
          <dd>{was}</dd>
        </dl>
        <Stack gap={4} pt="xs">
          <Radio value="yours" label={`${t("Mine")}: ${text(yours, true)}`} />
          <Radio value="theirs" label={`${t("Theirs")}: ${text(theirs, false)}`} />
        </Stack>
      </Radio.Group>
    </div>
  );
}

const describe = (row: Row, clash: Clash): string =>
  `${fieldText(row, "value", clash.loaded.book, () => []) || t("(empty)")} (${clash.loaded.book.text(row.scope) || t("Everywhere")})`;
