import { Accordion, Checkbox, MultiSelect, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import { t } from "../../text";
import classes from "./Deploy.module.css";
import type { Target } from "./plan";

/** Whether a failing step asks a person: as the project and the environment say, or as chosen. */
export type Guided = "default" | "on" | "off";

export interface Settings {
  guided: Guided;
  download: boolean;
  redeploy: boolean;
  comments: string;
}

interface Props {
  settings: Settings;
  onChange: (settings: Settings) => void;
  /** What "as usual" means here. */
  usually: boolean;
}

/** How failures are met, packages are fetched, and what is said about it. */
export function Options({ settings, onChange, usually }: Props) {
  const set = (changed: Partial<Settings>) => onChange({ ...settings, ...changed });
  return (
    <Accordion variant="contained" className={classes.more} keepMounted={false}>
      <Accordion.Item value="more">
        <Accordion.Control>{t("Failures, packages, comments")}</Accordion.Control>
        <Accordion.Panel>
          <Stack gap="md">
            <Stack gap={4}>
              <Text size="sm" fw={500} id="guided">
                {t("When a step fails")}
              </Text>
              <SegmentedControl
                aria-labelledby="guided"
                orientation="vertical"
                data={[
                  {
                    value: "default",
                    label: usually ? t("As usual here: ask a person") : t("As usual here: stop"),
                  },
                  { value: "on", label: t("Ask a person what to do") },
                  { value: "off", label: t("Stop, do not ask") },
                ]}
                value={settings.guided}
                onChange={(guided) => set({ guided: guided as Guided })}
              />
            </Stack>
            <Checkbox
              label={t("Fetch packages again")}
              description={t("Also those a target or the server has already.")}
              checked={settings.download}
              onChange={(event) => set({ download: event.currentTarget.checked })}
            />
            <Checkbox
              label={t("Deploy packages again")}
              description={t("Also steps that would be skipped because their package is deployed.")}
              checked={settings.redeploy}
              onChange={(event) => set({ redeploy: event.currentTarget.checked })}
            />
            <Textarea
              label={t("Comment")}
              description={t("Why, for the record.")}
              autosize
              minRows={2}
              value={settings.comments}
              onChange={(event) => set({ comments: event.currentTarget.value })}
            />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

interface TargetsProps {
  known: readonly Target[];
  only: readonly string[];
  without: readonly string[];
  /** Why targets cannot be chosen now. */
  why: string | undefined;
  onChange: (chosen: { only: string[]; without: string[] }) => void;
  /** The saved filter they are chosen by, and the control that chooses it. */
  filter: string | undefined;
  byFilter: ReactNode;
}

/** Which targets take part: all, some, or all but some. */
export function ChooseTargets({ known, only, without, why, onChange, filter, byFilter }: TargetsProps) {
  if (known.length === 0) return null;
  const data = known.map((target) => ({ value: target.id, label: target.name }));
  return (
    <fieldset className={classes.card}>
      <legend className={classes.legend}>{t("Targets")}</legend>
      {why ? (
        <Text size="sm" c="dimmed">
          {why}
        </Text>
      ) : (
        <Stack gap="sm">
          {byFilter}
          <MultiSelect
            label={t("Only these")}
            placeholder={only.length ? undefined : t("All {{n}}", { n: known.length })}
            data={data}
            value={[...only]}
            searchable
            clearable
            clearButtonProps={{ "aria-label": t("All targets") }}
            disabled={without.length > 0 || filter !== undefined}
            onChange={(chosen) => onChange({ only: chosen, without: [] })}
          />
          <MultiSelect
            label={t("All but these")}
            placeholder={without.length ? undefined : t("None is left out")}
            data={data}
            value={[...without]}
            searchable
            clearable
            clearButtonProps={{ "aria-label": t("Leave none out") }}
            disabled={only.length > 0 || filter !== undefined}
            onChange={(chosen) => onChange({ only: [], without: chosen })}
          />
        </Stack>
      )}
    </fieldset>
  );
}
