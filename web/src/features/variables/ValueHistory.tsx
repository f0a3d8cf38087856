import { Button, Group, Stack, Text } from "@mantine/core";
import { Refusal } from "../../api/errors";
import { reading, useQuery } from "../../api/queries";
import { Refused } from "../../parts/Refused";
import { When } from "../../parts/When";
import { type Message, t } from "../../text";
import type { Patch } from "./edits";
import { historyOf, patchOf, type Step, saidIn } from "./history";
import { FIELD_WORDS, type Row } from "./model";
import classes from "./Review.module.css";
import { KIND_WORDS, type ScopeBook } from "./scopes";

interface Props {
  spaceId: string;
  setId: string;
  row: Row;
  book: ScopeBook;
  onRestore: ((patch: Patch) => void) | undefined;
}

const MOST = 200;

/** What happened to a set, from the audit trail. */
export function useHistory(spaceId: string, setId: string) {
  const { data, error, isPending } = useQuery(
    reading(["variables", "other"], "/api/{spaceId}/events", {
      path: { spaceId },
      query: { regarding: setId, take: MOST },
    }),
  );
  return { events: data?.Items ?? [], more: (data?.TotalResults ?? 0) > MOST, error, isPending };
}

/** Why there is no history to see. */
export function NoHistory({ error }: { error: unknown }) {
  if (!(error instanceof Refusal && error.status === 403)) return <Refused error={error} />;
  return (
    <Text fz="sm" c="dimmed">
      {t("Seeing who changed it takes the permission EventView.")}
    </Text>
  );
}

/** What happened to a value, from the audit trail, with the way back to what it was. */
export function ValueHistory({ spaceId, setId, row, book, onRestore }: Props) {
  const { events, error, isPending } = useHistory(spaceId, setId);
  if (error) return <NoHistory error={error} />;
  if (isPending) return null;
  const steps = historyOf(events).filter((step) => step.row === row.id);
  if (steps.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        {t("The last {{count}} changes of these variables do not touch it.", { count: events.length })}
      </Text>
    );
  return (
    <Stack gap="xs" component="ol" p={0} m={0}>
      {steps.map((step) => (
        <li key={step.id} className={classes.item} data-kind={LOOKS[step.kind]}>
          <Text fz="sm">
            {said(step)} {t("by {{who}}", { who: step.who })} · <When at={step.when} />
          </Text>
          <Told step={step} row={row} book={book} onRestore={onRestore} />
        </li>
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

/** How a step looks, in the words of the review's list. */
export const LOOKS: Record<Step["kind"], string> = {
  made: "added",
  changed: "changed",
  removed: "removed",
  secret: "changed",
};

/** What was done, in a word, and to which part. */
export function said({ kind, field, part }: Step): string {
  const kinds: Record<string, Message> = KIND_WORDS;
  const of = part && kinds[part];
  return [t(WORDS[kind]), field && t(FIELD_WORDS[field]), of && t(of)].filter(Boolean).join(" · ");
}

/** What a field said before and after, and the button that brings back what it said. */
export function Told({
  step,
  row,
  book,
  onRestore,
}: {
  step: Step;
  row: Row | undefined;
  book: ScopeBook;
  onRestore: ((patch: Patch) => void) | undefined;
}) {
  if (step.kind !== "changed" || !step.field) return null;
  const back = row && onRestore && patchOf(step, row);
  const nothing = step.field === "scope" ? t("Everywhere") : t("(empty)");
  const shown = (which: "before" | "after") => saidIn(step, which, (scope) => book.text(scope)) || nothing;
  return (
    <>
      <div className={classes.change}>
        <del className={classes.old}>{shown("before")}</del>
        <ins className={classes.new}>{shown("after")}</ins>
      </div>
      {back && onRestore && (
        <Group justify="flex-end" pt={4}>
          <Button variant="default" size="compact-xs" onClick={() => onRestore(back)}>
            {t("Bring back this {{field}}", { field: t(FIELD_WORDS[step.field]).toLowerCase() })}
          </Button>
        </Group>
      )}
    </>
  );
}
