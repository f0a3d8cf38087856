import { Alert, Button, Group, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconInfoCircle } from "@tabler/icons-react";
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { Empty } from "../../parts/Empty";
import { Refused } from "../../parts/Refused";
import { WhyButton } from "../../parts/WhyButton";
import { useMay } from "../../shell/session";
import { t } from "../../text";
import { SavedByOther } from "../audit/shared";
import { Active } from "./active";
import { BulkScope } from "./BulkScope";
import { useChoices } from "./choices";
import { useCount, useEditor } from "./editor";
import { touched } from "./edits";
import { Foot } from "./Foot";
import { isFiltered, parts, visible } from "./filtering";
import { Grid, type GridHandle } from "./Grid";
import classes from "./Grid.module.css";
import { LargeEditor } from "./LargeEditor";
import type { Loaded } from "./loading";
import { MergeDialog } from "./MergeDialog";
import { isReference, newRow } from "./model";
import type { Column } from "./pasting";
import { ReviewDialog } from "./ReviewDialog";
import { RowDetails } from "./RowDetails";
import { SetHistory } from "./SetHistory";
import type { GridSearch } from "./search";
import { Toolbar } from "./Toolbar";

interface Props {
  spaceId: string;
  loaded: Loaded;
  /** The project whose set it is; nothing for a set of the library. */
  project?: string;
  label: string;
  search: GridSearch;
  onSearch: (change: Partial<GridSearch>) => void;
}

const ALWAYS: readonly Column[] = ["name", "value", "scope"];
const MORE: readonly Column[] = ["type", "description"];

/** Edits the values of a set: the grid, what stands around it, and how it is saved. */
export function SetEditor({ spaceId, loaded, project, label, search, onSearch }: Props) {
  const editor = useEditor(spaceId, loaded, project);
  const { edits, dispatch, warnings } = editor;
  const shared = editor.loaded.ownerId.startsWith("LibraryVariableSets-");
  const may = useMay("VariableEdit", spaceId);
  const mayLibrary = useMay("LibraryVariableSetEdit", spaceId);
  const lacking =
    may === false ? "VariableEdit" : shared && mayLibrary === false ? "LibraryVariableSetEdit" : "";
  const why = lacking
    ? t("Changing these variables takes the permission {{permission}}.", { permission: lacking })
    : undefined;
  const grid = useRef<GridHandle>(null);
  const saving = useRef<HTMLDivElement>(null);
  const [told, announce] = useState("");
  const [active] = useState(() => new Active());
  const [panel, setPanel] = useState<{ what: "details" | "large"; id: string }>();
  const [dialog, setDialog] = useState<"review" | "bulk">();
  const count = useCount(edits);
  const columns = useMemo(
    () => [...ALWAYS, ...MORE.filter((each) => parts(search.columns).includes(each))],
    [search.columns],
  );
  const references = useMemo(
    () => edits.order.some((id) => isReference(edits.rows.get(id)?.type ?? "String")),
    [edits],
  );
  const choices = useChoices(spaceId, references || panel !== undefined || columns.includes("type"));
  const ids = useVisible(editor, search);

  const add = () => {
    if (why) return announce(why);
    const row = newRow();
    flushSync(() => dispatch({ do: "add", rows: [row] }));
    flushSync(() => grid.current?.go(row.id, "name", true));
  };
  const step = (by: "undo" | "redo") => {
    const id = touched(edits, by);
    flushSync(() => dispatch({ do: by }));
    announce(by === "undo" ? t("Undone") : t("Done again"));
    if (id) flushSync(() => grid.current?.go(id));
  };
  const review = () => {
    if (count === 0) announce(t("There is nothing to save."));
    else setDialog("review");
  };
  const save = async () => {
    const renamed = await editor.submit();
    if (!renamed) return false;
    notifications.show({
      closeButtonProps: { "aria-label": t("Close") },
      message: t("Saved {{count}} changes", { count, one: "Saved {{count}} change" }),
    });
    const next = active.id && renamed.get(active.id);
    if (next) requestAnimationFrame(() => grid.current?.go(next));
    return true;
  };
  const bulk = () =>
    (grid.current?.selected().length ?? 0) > 0 ? setDialog("bulk") : announce(t("Select rows first."));
  const does = useRef({ add, bulk, step });
  does.current = { add, bulk, step };
  const [on] = useState(() => ({
    add: () => does.current.add(),
    bulk: () => does.current.bulk(),
    undo: () => does.current.step("undo"),
    redo: () => does.current.step("redo"),
  }));
  useKeys({ add, undo: () => step("undo"), redo: () => step("redo"), review });
  const { first } = editor.refusals;
  useEffect(() => {
    if (!first) return;
    setDialog(undefined);
    requestAnimationFrame(() => grid.current?.go(first));
  }, [first]);
  const close = () => {
    const id = panel?.id;
    setPanel(undefined);
    if (id) requestAnimationFrame(() => grid.current?.go(id));
  };
  const [open] = useState(() => ({
    details: (id: string) => setPanel({ what: "details", id }),
    large: (id: string) => setPanel({ what: "large", id }),
  }));
  const row = panel && edits.rows.get(panel.id);
  const leave = () => saving.current?.querySelector<HTMLElement>("[data-save]")?.focus();
  const saveButtons = (
    <Group gap="xs" ms="auto" ref={saving}>
      {count > 0 && (
        <Button variant="default" onClick={editor.discard}>
          {t("Discard")}
        </Button>
      )}
      <WhyButton
        data-save
        why={why ?? (count === 0 ? t("Nothing was changed yet.") : undefined)}
        loading={editor.busy}
        onClick={review}
      >
        {count > 0
          ? t("Review and save {{count}} changes", { count, one: "Review and save {{count}} change" })
          : t("Review and save")}
      </WhyButton>
    </Group>
  );
  return (
    <Stack gap="sm">
      <Toolbar
        book={editor.loaded.book}
        total={edits.order.length}
        warned={warnings.size}
        undoes={edits.past.length > 0}
        redoes={edits.future.length > 0}
        search={search}
        onSearch={onSearch}
        shown={ids.length}
        why={why}
        on={on}
        saving={saveButtons}
      />
      {editor.behind && (
        <SavedByOther
          spaceId={spaceId}
          id={editor.loaded.id}
          version={editor.behind}
          action={t("Put both together")}
          onAct={() => void editor.catchUp()}
        >
          {t("Your changes are still here. Where you both changed the same, you will be asked.")}
        </SavedByOther>
      )}
      {editor.notice && (
        <Alert
          role="status"
          icon={<IconInfoCircle aria-hidden />}
          withCloseButton
          closeButtonLabel={t("Close")}
          onClose={() => editor.say("")}
        >
          {editor.notice}
        </Alert>
      )}
      <Refused sentences={editor.refusals.others} />
      {ids.length === 0 ? (
        <Nothing filtered={isFiltered(search)} why={why} onAdd={add} />
      ) : (
        <div className={classes.frame}>
          <Grid
            editor={editor}
            ids={ids}
            columns={columns}
            choices={choices}
            readOnly={Boolean(why)}
            sorted={search.sort === "name"}
            label={label}
            start={search.row}
            handle={grid}
            announce={announce}
            onSort={() => onSearch({ sort: search.sort ? undefined : "name" })}
            onDetails={open.details}
            onLarge={open.large}
            onSave={review}
            onCursor={active.set}
            onLeave={leave}
          />
          <Foot active={active} rows={edits.rows} warnings={warnings} refusals={editor.refusals} />
        </div>
      )}
      <p className="visually-hidden" role="status">
        {told}
      </p>
      {row && panel?.what === "details" && (
        <RowDetails
          spaceId={spaceId}
          editor={editor}
          row={row}
          choices={choices}
          readOnly={Boolean(why)}
          onClose={close}
        />
      )}
      {row && panel?.what === "large" && (
        <LargeEditor editor={editor} row={row} readOnly={Boolean(why) || !row.editable} onClose={close} />
      )}
      {search.history && (
        <SetHistory
          spaceId={spaceId}
          editor={editor}
          readOnly={Boolean(why)}
          onClose={() => onSearch({ history: undefined })}
        />
      )}
      {dialog === "bulk" && (
        <BulkScope
          editor={editor}
          ids={grid.current?.selected() ?? []}
          onClose={() => setDialog(undefined)}
          announce={announce}
        />
      )}
      {dialog === "review" && !editor.clash && (
        <ReviewDialog
          editor={editor}
          choices={choices}
          onSave={() => void save().then((done) => done && setDialog(undefined))}
          onClose={() => {
            setDialog(undefined);
            const { id } = active;
            if (id) requestAnimationFrame(() => grid.current?.go(id));
          }}
        />
      )}
      {editor.clash && <MergeDialog editor={editor} clash={editor.clash} />}
    </Stack>
  );
}

/** The rows that are shown. They are worked out anew when rows come or go or something else is asked for, not while one types. */
function useVisible(editor: ReturnType<typeof useEditor>, search: GridSearch): readonly string[] {
  const { edits, warnings } = editor;
  const newest = useRef(edits);
  newest.current = edits;
  const { q, scope, type, only, sort } = search;
  const asked = useDeferredValue(q);
  const found = useRef(warnings);
  found.current = warnings;
  const flagged = only?.includes("warnings") ? warnings : undefined;
  return useMemo(() => {
    const { rows, base, removed } = newest.current;
    return visible(
      edits.order,
      rows,
      { q: asked, scope, type, only, sort } as GridSearch,
      (id) => removed.has(id) || rows.get(id) !== base.get(id),
      flagged ?? found.current,
      (id) => base.get(id),
    );
  }, [edits.order, asked, scope, type, only, sort, flagged]);
}

/** Keys that work wherever one is on the page, but not in dialogs and other fields. */
function useKeys(does: { add: () => void; undo: () => void; redo: () => void; review: () => void }): void {
  const newest = useRef(does);
  newest.current = does;
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.defaultPrevented || target.closest?.("[role=dialog]")) return;
      const control = event.ctrlKey || event.metaKey;
      const typing = target.matches?.("input, textarea, select");
      const { add, undo, redo, review } = newest.current;
      if (event.altKey && event.code === "KeyN") add();
      else if (control && event.key === "Enter") review();
      else if (typing || !control) return;
      else if (event.code === "KeyZ" && event.shiftKey) redo();
      else if (event.code === "KeyZ") undo();
      else if (event.code === "KeyY") redo();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, []);
}

function Nothing({
  filtered,
  why,
  onAdd,
}: {
  filtered: boolean;
  why: string | undefined;
  onAdd: () => void;
}) {
  if (filtered)
    return (
      <Empty title={t("No value fits")} why={t("Change or clear the filters above to see other values.")} />
    );
  return (
    <Empty
      title={t("No variables yet")}
      why={t(
        "Variables hold what differs from environment to environment: addresses, names, passwords. Steps use them as #{Name}.",
      )}
    >
      <WhyButton why={why} variant="default" onClick={onAdd}>
        {t("Add the first variable")}
      </WhyButton>
    </Empty>
  );
}
