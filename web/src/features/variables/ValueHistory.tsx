import { Button, Group, Stack, Text } from "@mantine/core";
import { Refusal } from "../../api/errors";
import { reading, useQuery } from "../../api/queries";
import { Refused } from "../../parts/Refused";
import { When } from "../../parts/When";
import { type Message, t } from "../../text";
import type { Patch } from "./edits";
import { historyOf, type Step } from "./history";
import { FIELD_WORDS, type Field, isSensitive, type Row, type Scope } from "./model";
import classes from "./Review.module.css";
import type { ScopeBook } from "./scopes";

interface Props {
  spaceId: string;
  setId: string;
  row: Row;
  book: ScopeBook;
  onRestore: ((patch: Patch) => void) | undefined;
}

const MOST = 200;

/** What happened to a value, from the audit trail, with the way back to what it was. */
export function ValueHistory({ spaceId, setId, row, book, onRestore }: Props) {
  const { data, error, isPending } = useQuery(
    reading("other", "/api/{spaceId}/events", {
      path: { spaceId },
      query: { regarding: setId, take: MOST },
    }),
  );
  if (error instanceof Refusal && error.status === 403)
    return (
      <Text fz="sm" c="dimmed">
        {t("Seeing who changed it takes the permission EventView.")}
      </Text>
    );
  if (error) return <Refused error={error} />;
  if (isPending) return null;
  const steps = historyOf(data.Items, row.id);
  if (steps.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        {t("The last {{count}} changes of these variables do not touch it.", { count: data.Items.length })}
      </Text>
    );
  return (
    <Stack gap="xs" component="ol" p={0} m={0}>
      {steps.map((step) => (
        <Told key={step.id} step={step} row={row} book={book} onRestore={onRestore} />
      ))}
    </Stack>
  );
}

const WORDS: Record<Step["kind"], Message> = {
  made: "Made",
  changed: "Changed",
  removed: "Deleted",
  secret: "Secret set anew",
};

function Told({
  step,
  row,
  book,
  onRestore,
}: Pick<Props, "row" | "book" | "onRestore"> & {
  step: Step;
}) {
  const back = onRestore && step.before !== undefined ? patchOf(step, row) : undefined;
  const shown = (text: string | undefined) =>
    step.field === "scope" && text ? book.text(scopeIn(text)) || t("Everywhere") : text || t("(empty)");
  const field = step.field ? t(FIELD_WORDS[step.field as Field]) : "";
  return (
    <li className={classes.item} style={{ listStyle: "none" }}>
      <Text fz="sm">
        {t(WORDS[step.kind])} {field && `· ${field} `}
        {t("by {{who}}", { who: step.who })} · <When at={step.when} />
      </Text>
      {step.kind === "changed" && (
        <dl className={classes.field} style={{ gridTemplateColumns: "minmax(0, 1fr)" }}>
          <dd>
            <del className={classes.old}>{shown(step.before)}</del>
            <ins className={classes.new}>{shown(step.after)}</ins>
          </dd>
        </dl>
      )}
      {back && onRestore && (
        <Group justify="flex-end" pt={4}>
          <Button variant="default" size="compact-xs" onClick={() => onRestore(back)}>
            {t("Bring back this {{field}}", { field: field.toLowerCase() })}
          </Button>
        </Group>
      )}
    </li>
  );
}

function scopeIn(text: string): Scope {
  try {
    return JSON.parse(text) as Scope;
  } catch {
    return {};
  }
}

function patchOf(step: Step, row: Row): Patch | undefined {
  if (step.before === undefined) return undefined;
  if (step.field === "value") return isSensitive(row) ? undefined : { value: step.before };
  if (step.field === "name" || step.field === "description") return { [step.field]: step.before };
  return undefined;
}
