import {
  Alert,
  Button,
  Checkbox,
  Drawer,
  Group,
  Select,
  Stack,
  Textarea,
  TextInput,
  Title,
} from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Suspense, useState } from "react";
import { Loading } from "../../parts/Loading";
import { type Message, served, t } from "../../text";
import type { Choices } from "./choices";
import type { Editor } from "./editor";
import type { Patch } from "./edits";
import { CONTROLS, isNew, isReference, isSensitive, type Prompt, type Row, TYPE_WORDS, TYPES } from "./model";
import { ValueHistory } from "./ValueHistory";

interface Props {
  spaceId: string;
  editor: Editor;
  row: Row;
  choices: Choices;
  readOnly: boolean;
  onClose: () => void;
}

const CONTROL_WORDS: Record<string, Message> = {
  SingleLineText: "One line of text",
  MultiLineText: "Several lines",
  Select: "A list to choose from",
  Checkbox: "A box to tick (True or False)",
  Sensitive: "A secret",
};

const ASKED: Prompt = { label: "", description: "", required: false, control: "SingleLineText", options: "" };

/** Everything about one value that does not stand in the grid: its type, what it is for, asking for it, and its history. */
export function RowDetails({ spaceId, editor, row, choices, readOnly, onClose }: Props) {
  const fixed = readOnly || !row.editable;
  const set = (patch: Patch) => editor.dispatch({ do: "set", patches: [[row.id, patch]] });
  const warnings = editor.warnings.get(row.id) ?? [];
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="26rem"
      title={row.name || t("New variable")}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <Stack>
        {warnings.map((each) => (
          <Alert
            key={each.text}
            color="yellow"
            variant="light"
            icon={<IconAlertTriangle aria-hidden />}
            styles={{ message: { color: "var(--mantine-color-text)" } }}
          >
            {each.text}
          </Alert>
        ))}
        <Select
          label={t("Type")}
          data={TYPES.map((type) => ({ value: type, label: served(TYPE_WORDS[type] ?? type) }))}
          value={row.type}
          onChange={(type) => type && set({ type })}
          allowDeselect={false}
          readOnly={fixed}
          description={
            isSensitive(row)
              ? t("Kept encrypted and hidden in logs. Nobody sees it again, only replaces it.")
              : undefined
          }
        />
        {isReference(row.type) && (
          <Select
            label={t("Value")}
            data={choices(row.type).map((each) => ({ value: each.id, label: each.name }))}
            value={row.value || null}
            onChange={(value) => set({ value: value ?? "" })}
            searchable
            clearable
            readOnly={fixed}
            clearButtonProps={{ "aria-label": t("Clear") }}
            nothingFoundMessage={t("There is none of this type yet.")}
          />
        )}
        {isSensitive(row) && !fixed && (
          <Group gap="xs">
            <Button variant="default" onClick={() => set({ value: "" })} disabled={row.value === ""}>
              {t("Clear the value")}
            </Button>
            {row.isSet && row.value !== null && (
              <Button variant="default" onClick={() => set({ value: null })}>
                {t("Keep what is set")}
              </Button>
            )}
          </Group>
        )}
        <Held
          label={t("Description")}
          value={row.description}
          onTake={(description) => set({ description })}
          readOnly={fixed}
        />
        <PromptForm row={row} fixed={fixed} set={set} />
        {!isNew(row) && (
          <>
            <Title order={3} size="h5">
              {t("History")}
            </Title>
            <Suspense fallback={<Loading rows={2} />}>
              <ValueHistory
                spaceId={spaceId}
                setId={editor.loaded.id}
                row={row}
                book={editor.loaded.book}
                onRestore={fixed ? undefined : set}
              />
            </Suspense>
          </>
        )}
      </Stack>
    </Drawer>
  );
}

/** A text that becomes one step to undo when one leaves it, not one a letter. */
function Held({
  label,
  value,
  onTake,
  readOnly,
  description,
  lines = true,
}: {
  label: string;
  value: string;
  onTake: (text: string) => void;
  readOnly: boolean;
  description?: string;
  lines?: boolean;
}) {
  const [typed, setTyped] = useState<string>();
  const shared = {
    label,
    description,
    value: typed ?? value,
    readOnly,
    onChange: (event: { currentTarget: { value: string } }) => setTyped(event.currentTarget.value),
    onBlur: () => {
      if (typed !== undefined && typed !== value) onTake(typed);
      setTyped(undefined);
    },
  };
  return lines ? <Textarea {...shared} autosize minRows={2} /> : <TextInput {...shared} />;
}

function PromptForm({ row, fixed, set }: { row: Row; fixed: boolean; set: (patch: Patch) => void }) {
  const prompt = row.prompt;
  const change = (more: Partial<Prompt>) => set({ prompt: { ...ASKED, ...prompt, ...more } });
  return (
    <Stack gap="xs">
      <Checkbox
        label={t("Ask whoever deploys for this value")}
        checked={prompt !== null}
        disabled={fixed}
        onChange={(event) => set({ prompt: event.currentTarget.checked ? ASKED : null })}
      />
      {prompt && (
        <Stack gap="xs" ps="md">
          <Held
            label={t("Label")}
            value={prompt.label}
            onTake={(label) => change({ label })}
            readOnly={fixed}
            lines={false}
            description={t("What is asked; the variable's name if empty.")}
          />
          <Held
            label={t("Help")}
            value={prompt.description}
            onTake={(description) => change({ description })}
            readOnly={fixed}
          />
          <Select
            label={t("Asked for as")}
            data={[...new Set([...CONTROLS, prompt.control])].map((each) => ({
              value: each as string,
              label: served(CONTROL_WORDS[each] ?? TYPE_WORDS[each] ?? each),
            }))}
            value={prompt.control}
            onChange={(control) => control && change({ control })}
            allowDeselect={false}
            readOnly={fixed}
          />
          {prompt.control === "Select" && (
            <Held
              label={t("Choices")}
              description={t("One a line: value|label")}
              value={prompt.options}
              onTake={(options) => change({ options })}
              readOnly={fixed}
            />
          )}
          <Checkbox
            label={t("Must be answered")}
            checked={prompt.required}
            disabled={fixed}
            onChange={(event) => change({ required: event.currentTarget.checked })}
          />
        </Stack>
      )}
    </Stack>
  );
}
