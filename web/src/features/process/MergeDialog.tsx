import { Alert, Button, Group, Radio, Stack, Tabs, Text, Title } from "@mantine/core";
import { IconGitMerge } from "@tabler/icons-react";
import { Suspense, useMemo, useState } from "react";
import { Dialog } from "../../parts/Dialog";
import { Loading } from "../../parts/Loading";
import { later } from "../../parts/later";
import { WhyButton } from "../../parts/WhyButton";
import { moment, t } from "../../text";
import { asText } from "./code";
import { type Choice, type Merged, merge, resolved } from "./merge";
import type { Process, Step } from "./model";
import classes from "./Process.module.css";
import type { Clash } from "./useDraft";

const DiffView = later(() => import("../../parts/code/DiffView"));

interface Props {
  base: readonly Step[];
  mine: readonly Step[];
  clash: Clash;
  busy: boolean;
  onSave: (onto: Process, steps: readonly Step[]) => void;
  onKeep: (onto: Process, steps: readonly Step[]) => void;
  onClose: () => void;
}

/** Somebody saved in the meantime: yours, theirs and what both began with, a step at a time. Nothing is overwritten unseen. */
export function MergeDialog({ base, mine, clash, busy, onSave, onKeep, onClose }: Props) {
  const { theirs, by, on } = clash;
  const merging = useMemo(() => merge(base, mine, theirs.Steps), [base, mine, theirs]);
  const [choices, setChoices] = useState<Record<string, Choice>>({});
  const open = merging.conflicts.filter((each) => !choices[each.id]);
  const quiet = merging.steps.filter((each) => each.kind === "mine" || each.kind === "theirs");
  const why =
    open.length > 0
      ? t("Choose a version of {{names}} first.", { names: open.map((each) => each.name).join(", ") })
      : undefined;
  const result = () => resolved(merging, choices);
  return (
    <Dialog opened onClose={onClose} size="70rem" title={t("Somebody else changed this process")}>
      <Stack>
        <Alert icon={<IconGitMerge aria-hidden />} color="yellow" variant="light">
          <Text c="var(--mantine-color-text)">
            {by
              ? t("{{who}} saved version {{version}} at {{when}}, after you had opened the process.", {
                  who: by,
                  version: theirs.Version,
                  when: on ? moment(on) : "",
                })
              : t("Version {{version}} was saved after you had opened the process.", {
                  version: theirs.Version,
                })}{" "}
            {t("Nothing of yours is lost, and nothing of theirs is overwritten unless you choose so.")}
          </Text>
        </Alert>
        {merging.conflicts.map((each) => (
          <Conflict
            key={each.id}
            step={each}
            choice={choices[each.id]}
            onChoose={(choice) => setChoices((old) => ({ ...old, [each.id]: choice }))}
          />
        ))}
        {merging.conflicts.length === 0 && (
          <Text>{t("You changed different steps, so both changes fit together.")}</Text>
        )}
        {merging.orderConflict && <Text>{t("Both of you moved steps. Your order is kept.")}</Text>}
        {quiet.length > 0 && (
          <div className={classes.panel}>
            <Text fw={550}>{t("Changed by one of you only, and taken as it is")}</Text>
            <ul className={classes.plain}>
              {quiet.map((each) => (
                <li key={each.id}>
                  {each.name}: {words(each)}
                </li>
              ))}
            </ul>
          </div>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("Back to my version")}
          </Button>
          <WhyButton variant="default" why={why} onClick={() => onKeep(theirs, result())}>
            {t("Take over and go on editing")}
          </WhyButton>
          <WhyButton why={why} loading={busy} onClick={() => onSave(theirs, result())}>
            {t("Save the merged process")}
          </WhyButton>
        </Group>
      </Stack>
    </Dialog>
  );
}

function words({ kind, base, mine, theirs }: Merged): string {
  const side = kind === "mine" ? mine : theirs;
  if (!side) return kind === "mine" ? t("deleted by you") : t("deleted by them");
  if (!base) return kind === "mine" ? t("added by you") : t("added by them");
  return kind === "mine" ? t("changed by you") : t("changed by them");
}

const textOf = (step: Step | undefined) => (step ? asText([step]) : "");

function Conflict({
  step,
  choice,
  onChoose,
}: {
  step: Merged;
  choice: Choice | undefined;
  onChoose: (choice: Choice) => void;
}) {
  const [shown, setShown] = useState("both");
  const [before, after, left, right] = {
    both: [step.theirs, step.mine, t("Theirs"), t("Yours")] as const,
    mine: [step.base, step.mine, t("As you both began"), t("Yours")] as const,
    theirs: [step.base, step.theirs, t("As you both began"), t("Theirs")] as const,
  }[shown as "both" | "mine" | "theirs"];
  return (
    <section className={classes.panel} aria-label={t("Versions of {{name}}", { name: step.name })}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={3} size="h5">
            {step.name}
          </Title>
          <Radio.Group
            aria-label={t("Which version of {{name}}", { name: step.name })}
            value={choice ?? ""}
            onChange={(value) => onChoose(value as Choice)}
          >
            <Group gap="md">
              <Radio value="mine" label={step.mine ? t("Take yours") : t("Delete it, as you did")} />
              <Radio value="theirs" label={step.theirs ? t("Take theirs") : t("Delete it, as they did")} />
            </Group>
          </Radio.Group>
        </Group>
        <Tabs value={shown} onChange={(value) => setShown(value ?? "both")} keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="both">{t("Theirs and yours")}</Tabs.Tab>
            <Tabs.Tab value="mine">{t("What you changed")}</Tabs.Tab>
            <Tabs.Tab value="theirs">{t("What they changed")}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value={shown} pt="xs">
            <Group grow fz="sm" c="dimmed">
              <span>{before ? left : t("{{side}}: not there", { side: left })}</span>
              <span>{after ? right : t("{{side}}: not there", { side: right })}</span>
            </Group>
            <Suspense fallback={<Loading rows={3} />}>
              <DiffView
                before={textOf(before)}
                after={textOf(after)}
                beforeLabel={left}
                afterLabel={right}
                language="json"
              />
            </Suspense>
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </section>
  );
}
