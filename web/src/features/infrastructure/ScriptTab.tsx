import { Select, Stack } from "@mantine/core";
import { type FormEvent, Suspense, useState } from "react";
import { post } from "../../api/client";
import { stale } from "../../api/queries";
import { CopyAs } from "../../parts/CopyAs";
import { Loading } from "../../parts/Loading";
import { later } from "../../parts/later";
import { Refused } from "../../parts/Refused";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { t } from "../../text";
import type { Becomes } from "./adding";
import type { AnyMachine } from "./reads";
import { TaskLine } from "./TaskLine";

const CodeEditor = later(() => import("../../parts/code/CodeEditor"));

const SYNTAXES = [
  { value: "Bash", label: "Bash", language: "bash" },
  { value: "PowerShell", label: "PowerShell", language: "powershell" },
  { value: "Python", label: "Python", language: "python" },
] as const;

interface Props {
  spaceId: string;
  becomes: Becomes;
  machine: AnyMachine;
}

/** Runs a script once on one machine, as a task everybody can read later. */
export function ScriptTab({ spaceId, becomes, machine }: Props) {
  const [syntax, setSyntax] = useState<(typeof SYNTAXES)[number]["value"]>("Bash");
  const [script, setScript] = useState("");
  const [task, setTask] = useState<string>();
  const saving = useSaving();
  const body = {
    Name: "AdHocScript",
    Description: t("Run a script on {{name}}", { name: machine.Name }),
    Arguments: {
      [becomes === "machines" ? "MachineIds" : "WorkerIds"]: [machine.Id],
      ScriptBody: script,
      Syntax: syntax,
    },
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    await saving.run(async () => {
      const made = await post("/api/{spaceId}/tasks", { path: { spaceId }, body: body as never });
      setTask((made as { Id: string }).Id);
      stale("task");
    });
  };
  return (
    <Section
      title={t("Run a script")}
      about={t(
        "It runs once, as a task: the audit trail keeps who ran it, and the task keeps the script and its output.",
      )}
    >
      <Stack component="form" onSubmit={submit} gap="sm">
        <Refused error={saving.error} />
        <Select
          label={t("Language")}
          data={SYNTAXES.map(({ value, label }) => ({ value, label }))}
          value={syntax}
          onChange={(value) => value && setSyntax(value as typeof syntax)}
          allowDeselect={false}
          maw="16rem"
        />
        <Suspense fallback={<Loading rows={3} />}>
          <CodeEditor
            label={t("Script")}
            value={script}
            onChange={setScript}
            language={SYNTAXES.find((each) => each.value === syntax)?.language ?? "text"}
            minHeight={12}
          />
        </Suspense>
        <div style={{ display: "flex", flexWrap: "wrap", gap: "var(--mantine-spacing-xs)" }}>
          <WhyButton
            type="submit"
            loading={saving.busy}
            why={script.trim() ? undefined : t("Write a script first.")}
          >
            {t("Run on {{name}}", { name: machine.Name })}
          </WhyButton>
          <CopyAs
            request={() => ({ method: "POST", template: "/api/{spaceId}/tasks", path: { spaceId }, body })}
          />
        </div>
        <TaskLine spaceId={spaceId} id={task} />
      </Stack>
    </Section>
  );
}
