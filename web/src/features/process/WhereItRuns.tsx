import { NumberInput, Radio, Select, Stack, TagsInput, TextInput } from "@mantine/core";
import { t } from "../../text";
import {
  type Action,
  flagOf,
  ON_SERVER,
  rolesOf,
  type Step,
  textOf,
  WINDOW,
  withAction,
  withRoles,
  withText,
} from "./model";
import { errorAt, type Problem } from "./problems";
import { useNames } from "./reads";

interface Props {
  step: Step;
  action: Action | undefined;
  alone: boolean;
  own: readonly Problem[];
  onChange: (step: Step) => void;
  readOnly: boolean;
}

/** Where an action runs, in a few words. */
export function summaryOfPlace(step: Step, action: Action | undefined): string {
  const roles = rolesOf(step).join(", ");
  const onServer = action !== undefined && flagOf(action.Properties, ON_SERVER);
  if (onServer && roles) return t("On the server or a worker, for each target with {{roles}}", { roles });
  if (onServer) return t("Once, on the server or a worker");
  return roles ? t("On every target with {{roles}}", { roles }) : t("No target tags yet");
}

/** Targets or workers, by tags and pools; and how many at a time. */
export function WhereItRuns({ step, action, alone, own, onChange, readOnly }: Props) {
  const names = useNames();
  const onServer = action !== undefined && flagOf(action.Properties, ON_SERVER);
  const shared = alone || !action;
  const run = (where: string) => {
    if (!action) return;
    const Properties = withText(action.Properties, ON_SERVER, where === "targets" ? "" : "True");
    onChange(
      withAction(step, { ...action, Properties, ...(where === "targets" ? { WorkerPoolId: null } : {}) }),
    );
  };
  return (
    <Stack gap="md">
      {action && (
        <Radio.Group
          label={t("Run")}
          value={onServer ? "server" : "targets"}
          onChange={run}
          readOnly={readOnly}
          description={t("On the server or a worker, target tags may stay empty: then it runs once.")}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="targets" label={t("On each deployment target")} disabled={readOnly} />
            <Radio value="server" label={t("On the server or a worker")} disabled={readOnly} />
          </Stack>
        </Radio.Group>
      )}
      {onServer && (
        <Select
          label={t("Worker pool")}
          description={t("Left empty, the default pool; the server itself where that has no workers.")}
          placeholder={t("Default pool")}
          maw="24rem"
          clearable
          clearButtonProps={{ "aria-label": t("Use the default pool") }}
          readOnly={readOnly}
          data={names.pools.map((each) => ({ value: each.Id, label: each.Name }))}
          value={action.WorkerPoolId}
          error={errorAt(own, "WorkerPoolId")}
          onChange={(WorkerPoolId) => onChange(withAction(step, { ...action, WorkerPoolId }))}
        />
      )}
      {shared && (
        <>
          <TagsInput
            label={t("Target tags")}
            description={t("It runs on targets that have any of these. Type one and press Enter, or choose.")}
            withAsterisk={!onServer && action !== undefined}
            readOnly={readOnly}
            splitChars={[","]}
            acceptValueOnBlur
            data={[...names.roles]}
            value={rolesOf(step)}
            error={errorAt(own, "Octopus.Action.TargetRoles")}
            onChange={(roles) => onChange(withRoles(step, roles))}
          />
          <Window {...{ step, own, onChange, readOnly }} />
        </>
      )}
    </Stack>
  );
}

function Window({ step, own, onChange, readOnly }: Pick<Props, "step" | "own" | "onChange" | "readOnly">) {
  const value = textOf(step.Properties, WINDOW);
  const usual = {
    label: t("Rolling window"),
    description: t(
      "At most so many targets at once; the next begins as soon as one is done. Empty is the usual limit.",
    ),
    error: errorAt(own, WINDOW),
    readOnly,
    maw: "24rem",
  };
  const set = (text: string) => onChange({ ...step, Properties: withText(step.Properties, WINDOW, text) });
  if (value.includes("#{"))
    return <TextInput {...usual} value={value} onChange={(event) => set(event.currentTarget.value)} />;
  return (
    <NumberInput
      {...usual}
      min={1}
      max={10_000}
      allowDecimal={false}
      clampBehavior="none"
      value={value}
      onChange={(typed) => set(String(typed))}
    />
  );
}
