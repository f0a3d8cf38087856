import { Button, Group, PasswordInput, Select, Stack } from "@mantine/core";
import { Suspense, useMemo, useState } from "react";
import { Dialog } from "../../parts/Dialog";
import { Loading } from "../../parts/Loading";
import { later } from "../../parts/later";
import { t } from "../../text";
import type { Editor } from "./editor";
import { isSensitive, type Row } from "./model";

const CodeEditor = later(() => import("../../parts/code/CodeEditor"));
const LANGUAGES = ["text", "json", "yaml", "bash", "powershell", "python"] as const;
type Language = (typeof LANGUAGES)[number];

interface Props {
  editor: Editor;
  row: Row;
  readOnly: boolean;
  onClose: () => void;
}

function guessed(text: string): Language {
  const head = text.trimStart().slice(0, 200);
  if (/^[[{]\s*["\n{[\]}]/.test(head)) return "json";
  if (/^#!.*\b(ba)?sh\b/.test(head)) return "bash";
  if (/^#!.*python/.test(head)) return "python";
  return "text";
}

/** A value in an editor with room for many lines. Ctrl+Enter takes it. */
export function LargeEditor({ editor, row, readOnly, onClose }: Props) {
  const [text, setText] = useState(row.value ?? "");
  const [language, setLanguage] = useState<Language>(() => guessed(row.value ?? ""));
  const hidden = isSensitive(row);
  const names = useMemo(
    () =>
      [...new Set([...editor.edits.rows.values()].map((each) => each.name))]
        .filter(Boolean)
        .map((label) => ({ label })),
    [editor.edits.rows],
  );
  const take = () => {
    if (!readOnly && text !== (row.value ?? ""))
      editor.dispatch({ do: "set", patches: [[row.id, { value: text }]] });
    onClose();
  };
  const title = t("Value of {{name}}", { name: row.name || t("a new row") });
  return (
    <Dialog opened onClose={onClose} title={title} size="xl">
      <Stack
        onKeyDownCapture={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          event.stopPropagation();
          take();
        }}
      >
        {hidden ? (
          <PasswordInput
            label={title}
            description={t("What is set is never shown. What you type replaces it.")}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="new-password"
            data-autofocus
            visibilityToggleButtonProps={{ "aria-label": t("Show what is typed") }}
          />
        ) : (
          <Suspense fallback={<Loading rows={3} />}>
            <CodeEditor
              value={text}
              onChange={setText}
              language={language}
              label={title}
              completions={names}
              readOnly={readOnly}
              minHeight={18}
            />
          </Suspense>
        )}
        <Group justify="space-between" align="flex-end">
          {hidden ? (
            <span />
          ) : (
            <Select
              label={t("Shown as")}
              data={LANGUAGES.map((each) => ({ value: each, label: each }))}
              value={language}
              onChange={(value) => setLanguage((value ?? "text") as Language)}
              allowDeselect={false}
              w="9rem"
            />
          )}
          <Group>
            <Button variant="default" onClick={onClose}>
              {t("Cancel")}
            </Button>
            <Button onClick={take} disabled={readOnly}>
              {t("Take this value")}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Dialog>
  );
}
