import { Checkbox, MultiSelect, Select, Stack, TextInput } from "@mantine/core";
import { type Message, t } from "../../text";
import {
  ACTION_CONDITION,
  type Action,
  STEP_CONDITION,
  type Step,
  textOf,
  withAction,
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

/** Environments, channels, run conditions, and whether it may be left out. */
export function Conditions(props: Props) {
  const { action, alone } = props;
  return (
    <Stack gap="md">
      {(alone || !action) && <OfStep {...props} />}
      {action && <OfAction {...props} action={action} />}
    </Stack>
  );
}

const CONDITIONS: readonly { value: string; label: Message }[] = [
  { value: "Success", label: "If all steps before went well" },
  { value: "Failure", label: "Only if a step before failed" },
  { value: "Always", label: "Always" },
  { value: "Variable", label: "If an expression is true" },
];

function OfStep({ step, own, onChange, readOnly }: Props) {
  return (
    <>
      <Select
        label={t("Run condition")}
        readOnly={readOnly}
        allowDeselect={false}
        maw="24rem"
        data={CONDITIONS.map((each) => ({ ...each, label: t(each.label) }))}
        value={step.Condition}
        onChange={(value) => onChange({ ...step, Condition: (value ?? "Success") as Step["Condition"] })}
      />
      {step.Condition === "Variable" && (
        <Expression
          value={textOf(step.Properties, STEP_CONDITION)}
          error={errorAt(own, STEP_CONDITION)}
          readOnly={readOnly}
          onChange={(text) =>
            onChange({ ...step, Properties: withText(step.Properties, STEP_CONDITION, text) })
          }
        />
      )}
      <Select
        label={t("Start")}
        readOnly={readOnly}
        allowDeselect={false}
        maw="24rem"
        data={[
          { value: "StartAfterPrevious", label: t("When the step before has ended") },
          { value: "StartWithPrevious", label: t("Together with the step before") },
        ]}
        value={step.StartTrigger}
        onChange={(value) =>
          onChange({ ...step, StartTrigger: (value ?? "StartAfterPrevious") as Step["StartTrigger"] })
        }
      />
      <Select
        label={t("Packages")}
        description={t("Packages are fetched once, before the first step that needs them.")}
        readOnly={readOnly}
        allowDeselect={false}
        maw="24rem"
        data={[
          { value: "LetOctopusDecide", label: t("The server decides") },
          { value: "AfterPackageAcquisition", label: t("Run after packages were fetched") },
          { value: "BeforePackageAcquisition", label: t("Run before packages are fetched") },
        ]}
        value={step.PackageRequirement}
        onChange={(value) =>
          onChange({
            ...step,
            PackageRequirement: (value ?? "LetOctopusDecide") as Step["PackageRequirement"],
          })
        }
      />
    </>
  );
}

function Expression({
  value,
  error,
  readOnly,
  onChange,
}: {
  value: string;
  error: string | undefined;
  readOnly: boolean;
  onChange: (text: string) => void;
}) {
  return (
    <TextInput
      label={t("Expression")}
      description={t("Such as #{if Deploy.Site}true#{/if}. Empty, false, no and 0 leave it out.")}
      withAsterisk
      ff="monospace"
      readOnly={readOnly}
      error={error}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function OfAction({ step, action, alone, own, onChange, readOnly }: Props & { action: Action }) {
  const names = useNames();
  const put = (changes: Partial<Action>) => onChange(withAction(step, { ...action, ...changes }));
  const environments = options(names.environments, [...action.Environments, ...action.ExcludedEnvironments]);
  const channels = options(names.channels, action.Channels);
  const conditional = action.Condition === "Variable";
  return (
    <>
      <MultiSelect
        searchable
        label={t("Only in environments")}
        placeholder={action.Environments.length === 0 ? t("All environments") : ""}
        readOnly={readOnly}
        data={environments.filter((each) => !action.ExcludedEnvironments.includes(each.value))}
        value={action.Environments}
        error={errorAt(own, "Environments")}
        onChange={(Environments) => put({ Environments })}
      />
      <MultiSelect
        searchable
        label={t("Never in environments")}
        readOnly={readOnly}
        data={environments.filter((each) => !action.Environments.includes(each.value))}
        value={action.ExcludedEnvironments}
        error={errorAt(own, "ExcludedEnvironments")}
        onChange={(ExcludedEnvironments) => put({ ExcludedEnvironments })}
      />
      <MultiSelect
        searchable
        label={t("Only in channels")}
        placeholder={action.Channels.length === 0 ? t("All channels") : ""}
        readOnly={readOnly}
        data={channels}
        value={action.Channels}
        error={errorAt(own, "Channels")}
        onChange={(Channels) => put({ Channels })}
      />
      {(!alone || conditional) && (
        <Checkbox
          label={t("Only if an expression is true")}
          disabled={readOnly}
          checked={conditional}
          onChange={(event) => put({ Condition: event.currentTarget.checked ? "Variable" : "Success" })}
        />
      )}
      {conditional && (
        <Expression
          value={textOf(action.Properties, ACTION_CONDITION)}
          error={errorAt(own, ACTION_CONDITION)}
          readOnly={readOnly}
          onChange={(text) => put({ Properties: withText(action.Properties, ACTION_CONDITION, text) })}
        />
      )}
      <Checkbox
        label={t("Required")}
        description={t("Nobody can leave it out when deploying.")}
        disabled={readOnly}
        checked={action.IsRequired}
        error={errorAt(own, "IsRequired")}
        onChange={(event) => put({ IsRequired: event.currentTarget.checked })}
      />
      <Checkbox
        label={t("Disabled")}
        description={t("Releases made from now on leave it out.")}
        disabled={readOnly}
        checked={action.IsDisabled}
        error={errorAt(own, "IsDisabled")}
        onChange={(event) => put({ IsDisabled: event.currentTarget.checked })}
      />
    </>
  );
}

/** Names to choose from; ids nobody knows any more stay as they are. */
function options(known: readonly { Id: string; Name: string }[], chosen: readonly string[]) {
  const ids = new Set(known.map((each) => each.Id));
  const strange = [...new Set(chosen)].filter((id) => !ids.has(id));
  return [
    ...known.map((each) => ({ value: each.Id, label: each.Name })),
    ...strange.map((id) => ({ value: id, label: id })),
  ];
}
