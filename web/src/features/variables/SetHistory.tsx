import { Button, Drawer, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Schema } from "../../api/types";
import { Loading } from "../../parts/Loading";
import { When } from "../../parts/When";
import { t } from "../../text";
import type { Editor } from "./editor";
import { broughtBack, bySave, historyOf, namesIn, type Step } from "./history";
import classes from "./Review.module.css";
import { LOOKS, NoHistory, said, Told, useHistory } from "./ValueHistory";

interface Props {
  spaceId: string;
  editor: Editor;
  readOnly: boolean;
  onClose: () => void;
}

/** Steps of one save that are shown at first: the first save of a big set has thousands. */
const FIRST = 20;

/** What happened to a set, save by save. What was changed or deleted comes back into the draft; nothing is saved here. */
export function SetHistory({ spaceId, editor, readOnly, onClose }: Props) {
  const { events, more, error, isPending } = useHistory(spaceId, editor.loaded.id);
  const steps = historyOf(events);
  const names = namesIn(steps);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="30rem"
      title={t("History of these variables")}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      {error && <NoHistory error={error} />}
      {isPending && <Loading rows={4} />}
      {!error && !isPending && steps.length === 0 && (
        <Text c="dimmed">{t("No variable was changed here yet.")}</Text>
      )}
      <Stack gap="md" component="ol" p={0} m={0}>
        {bySave(steps).map(([event, saved]) => (
          <Save key={event} steps={saved} names={names} editor={editor} readOnly={readOnly} />
        ))}
      </Stack>
      {more && (
        <Text fz="sm" c="dimmed" mt="md">
          {t("Older changes are in the audit trail.")}
        </Text>
      )}
    </Drawer>
  );
}

interface SaveProps {
  steps: readonly Step[];
  names: ReadonlyMap<string, string>;
  editor: Editor;
  readOnly: boolean;
}

function Save({ steps, names, editor, readOnly }: SaveProps) {
  const [all, setAll] = useState(false);
  const [first] = steps;
  const rest = steps.length - FIRST;
  return (
    <li style={{ listStyle: "none" }}>
      <Text fz="sm" c="dimmed">
        {t("Saved {{by}}", { by: t("by {{who}}", { who: first?.who ?? "" }) })} ·{" "}
        <When at={first?.when ?? ""} />
      </Text>
      <Stack gap="xs" component="ul" p={0} m={0} mt={4}>
        {(all ? steps : steps.slice(0, FIRST)).map((step) => (
          <Done key={step.id} step={step} name={names.get(step.row)} editor={editor} readOnly={readOnly} />
        ))}
      </Stack>
      {!all && rest > 0 && (
        <Button variant="subtle" size="compact-sm" mt={4} onClick={() => setAll(true)}>
          {t("Show {{count}} more", { count: rest })}
        </Button>
      )}
    </li>
  );
}

interface DoneProps {
  step: Step;
  /** The value's name, for one that is gone. */
  name: string | undefined;
  editor: Editor;
  readOnly: boolean;
}

function Done({ step, name, editor, readOnly }: DoneProps) {
  const { edits, dispatch, loaded } = editor;
  const row = edits.removed.has(step.row) ? undefined : edits.rows.get(step.row);
  return (
    <li className={classes.item} data-kind={LOOKS[step.kind]} style={{ listStyle: "none" }}>
      <span className={classes.kind}>{said(step)}</span>
      <span className={classes.name}>{row?.name ?? name ?? t("A value that is gone")}</span>
      <Told
        step={step}
        row={row}
        book={loaded.book}
        onRestore={
          readOnly || !row ? undefined : (patch) => dispatch({ do: "set", patches: [[row.id, patch]] })
        }
      />
      {step.lost && !readOnly && <Lost lost={step.lost} editor={editor} />}
    </li>
  );
}

/** The way back for a deleted value. */
function Lost({ lost, editor }: { lost: Schema["Variable"]; editor: Editor }) {
  const [made, setMade] = useState("");
  const back = () => {
    const row = broughtBack(lost);
    if (!row) return;
    editor.dispatch({ do: "add", rows: [row] });
    setMade(row.id);
  };
  if (made && editor.edits.rows.has(made) && !editor.edits.removed.has(made))
    return (
      <Text fz="sm" c="dimmed" role="status">
        {t("It is back in the list; save to keep it.")}{" "}
        {lost.IsSensitive && t("Its secret did not come with it: set it anew.")}
      </Text>
    );
  return (
    <Group justify="flex-end" pt={4}>
      <Button variant="default" size="compact-xs" onClick={back}>
        {t("Bring back {{name}}", { name: lost.Name })}
      </Button>
    </Group>
  );
}
