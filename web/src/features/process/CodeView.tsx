import { Stack, Text } from "@mantine/core";
import { Suspense, useMemo } from "react";
import { Loading } from "../../parts/Loading";
import { later } from "../../parts/later";
import { Refused } from "../../parts/Refused";
import { t } from "../../text";
import { asText, marked } from "./code";
import { useVariableNames } from "./reads";
import type { Draft } from "./useDraft";

const CodeEditor = later(() => import("../../parts/code/CodeEditor"));

/** The steps as the API has them, to read and to change; problems stand at their lines. */
export function CodeView({ draft, readOnly }: { draft: Draft; readOnly: boolean }) {
  const { steps, code, problems, write } = draft;
  const names = useVariableNames();
  const text = useMemo(() => code?.text ?? asText(steps), [code, steps]);
  const marks = useMemo(() => (code?.fault ? [code.fault] : marked(problems, text)), [code, problems, text]);
  return (
    <Stack gap="sm">
      <Text c="dimmed" fz="sm">
        {t(
          "The steps as the API has them. What is left out takes its default; an empty Id makes something new. It is checked like the forms.",
        )}
      </Text>
      <Refused
        sentences={
          code?.fault
            ? [t("Line {{line}}: {{message}}", { line: code.fault.line, message: code.fault.message })]
            : problems.map((each, at) =>
                each.path
                  ? t("Line {{line}}, {{path}}: {{text}}", {
                      line: marks[at]?.line ?? 1,
                      path: each.path,
                      text: each.text,
                    })
                  : each.text,
              )
        }
      />
      <div>
        <Suspense fallback={<Loading />}>
          <CodeEditor
            value={text}
            onChange={write}
            language="json"
            label={t("Process as JSON")}
            completions={names}
            problems={marks}
            readOnly={readOnly}
            minHeight={24}
          />
        </Suspense>
      </div>
    </Stack>
  );
}
