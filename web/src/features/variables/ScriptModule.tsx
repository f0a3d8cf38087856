import { Select, Stack, Text } from "@mantine/core";
import { Suspense, useState } from "react";
import type { Schema } from "../../api/types";
import { Loading } from "../../parts/Loading";
import { later } from "../../parts/later";
import { Refused } from "../../parts/Refused";
import { SaveBar } from "../../parts/SaveBar";
import { useSaving } from "../../parts/saving";
import { useMay } from "../../shell/session";
import { t } from "../../text";
import { type Loaded, save } from "./loading";
import { LANGUAGES, moduleOf, withModule } from "./moduleRows";

const CodeEditor = later(() => import("../../parts/code/CodeEditor"));
const SHOWN = { Bash: "bash", PowerShell: "powershell", Python: "python" } as const;

/** The script of a module: its text and its language, saved together. */
export function ScriptModule({
  spaceId,
  set,
  loaded,
}: {
  spaceId: string;
  set: Schema["LibraryVariableSet"];
  loaded: Loaded;
}) {
  const held = moduleOf(loaded.rows);
  const [body, setBody] = useState(held.body);
  const [language, setLanguage] = useState(held.language);
  const saving = useSaving();
  const may = useMay("LibraryVariableSetEdit", spaceId);
  const why = may === false ? t("This takes the permission LibraryVariableSetEdit.") : undefined;
  const dirty = body !== held.body || language !== held.language;
  const submit = () =>
    saving.run(
      () => save(spaceId, loaded, loaded.version, withModule(loaded.rows, set.Name, body, language)),
      t("Saved {{name}}", { name: set.Name }),
    );
  return (
    <Stack
      component="form"
      onSubmit={(event: { preventDefault: () => void }) => {
        event.preventDefault();
        if (dirty && !why) void submit();
      }}
    >
      <Text fz="sm" c="dimmed">
        {t("Scripts of projects that include this module may call its functions.")}
      </Text>
      <Refused error={saving.error} />
      <Select
        label={t("Language")}
        data={[...LANGUAGES]}
        value={language}
        onChange={(value) => value && setLanguage(value)}
        allowDeselect={false}
        readOnly={Boolean(why)}
        w="12rem"
      />
      <Suspense fallback={<Loading rows={4} />}>
        <CodeEditor
          value={body}
          onChange={setBody}
          language={SHOWN[language as keyof typeof SHOWN] ?? "text"}
          label={t("Script of {{name}}", { name: set.Name })}
          readOnly={Boolean(why)}
          minHeight={22}
        />
      </Suspense>
      <SaveBar
        dirty={dirty}
        busy={saving.busy}
        why={why}
        onReset={() => {
          setBody(held.body);
          setLanguage(held.language);
        }}
      />
    </Stack>
  );
}
