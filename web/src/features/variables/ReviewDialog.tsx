import { Button, Group, Stack, Text } from "@mantine/core";
import { useMemo } from "react";
import { Dialog } from "../../parts/Dialog";
import { Refused } from "../../parts/Refused";
import { type Message, t } from "../../text";
import type { Choices } from "./choices";
import type { Editor } from "./editor";
import { reviewOf } from "./edits";
import { FIELD_WORDS, FIELDS, type Field, type Row } from "./model";
import classes from "./Review.module.css";
import { fieldText } from "./showing";

interface Props {
  editor: Editor;
  choices: Choices;
  onSave: () => void;
  onClose: () => void;
}

const MOST = 200;

/** What saving will do, value by value, before it is done. Ctrl+Enter saves. */
export function ReviewDialog({ editor, choices, onSave, onClose }: Props) {
  const { edits, loaded, busy } = editor;
  const { added, changed, removed, count } = useMemo(() => reviewOf(edits), [edits]);
  const text = (row: Row, field: Field) => fieldText(row, field, loaded.book, choices);
  const items = [
    ...removed.map((row) => ({ kind: "removed", row, before: row, after: undefined, fields: filled(row) })),
    ...changed.map(({ before, after, fields }) => ({ kind: "changed", row: after, before, after, fields })),
    ...added.map((row) => ({ kind: "added", row, before: undefined, after: row, fields: filled(row) })),
  ];
  const action = t("Save {{count}} changes", { count, one: "Save {{count}} change" });
  return (
    <Dialog opened onClose={onClose} title={t("What will be saved")} size="lg">
      <Stack
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || busy) return;
          event.preventDefault();
          onSave();
        }}
      >
        <Text fz="sm" c="dimmed">
          {t("{{added}} new, {{changed}} changed, {{removed}} deleted. All of it is saved, or nothing.", {
            added: added.length,
            changed: changed.length,
            removed: removed.length,
          })}
        </Text>
        {editor.notice && (
          <Text fz="sm" role="status">
            {editor.notice}
          </Text>
        )}
        <Refused sentences={editor.refusals.others} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section className={classes.list} aria-label={t("Changes")} tabIndex={0}>
          {items.slice(0, MOST).map(({ kind, row, before, after, fields }) => (
            <div key={row.id} className={classes.item} data-kind={kind}>
              <span className={classes.kind}>{t(WORDS[kind] ?? "")}</span>
              <span className={classes.name}>{row.name || t("No name yet")}</span>
              <dl className={classes.field}>
                {fields.map((field) => (
                  <Part
                    key={field}
                    field={field}
                    before={before && text(before, field)}
                    after={after && text(after, field)}
                  />
                ))}
              </dl>
            </div>
          ))}
          {items.length > MOST && <Text fz="sm">{t("{{count}} more", { count: items.length - MOST })}</Text>}
        </section>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("Go on editing")}
          </Button>
          <Button onClick={onSave} loading={busy} data-autofocus disabled={count === 0}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

const WORDS: Record<string, Message> = { added: "new", changed: "changed", removed: "deleted" };

const filled = (row: Row): readonly Field[] =>
  FIELDS.filter((field) => field !== "name" && (field === "value" || field === "scope" || holds(row, field)));

const holds = (row: Row, field: Field): boolean =>
  field === "type" ? row.type !== "String" : Boolean(row[field]);

function Part({
  field,
  before,
  after,
}: {
  field: Field;
  before: string | undefined;
  after: string | undefined;
}) {
  return (
    <>
      <dt>{t(FIELD_WORDS[field])}</dt>
      <dd>
        {before !== undefined && <del className={classes.old}>{before || t("(empty)")}</del>}
        {after !== undefined && <ins className={classes.new}>{after || t("(empty)")}</ins>}
      </dd>
    </>
  );
}
