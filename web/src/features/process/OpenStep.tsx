import { Button, Group } from "@mantine/core";
import { t } from "../../text";
import { type Action, type Step, type StepForm, withStep } from "./model";
import type { Problem } from "./problems";
import { useFormsHere, useGo } from "./SearchLink";
import { StepEditor } from "./StepEditor";

interface Props {
  steps: readonly Step[];
  step: Step;
  action: Action | undefined;
  types: readonly StepForm[];
  problems: readonly Problem[];
  readOnly: boolean;
  change: (to: (steps: readonly Step[]) => readonly Step[]) => void;
}

/** A step or one of its actions in its form, and how one of several actions is taken out. */
export function OpenStep({ steps, step, action, types, problems, readOnly, change }: Props) {
  const go = useGo();
  const here = useFormsHere();
  return (
    <>
      <StepEditor
        {...{ types, problems, readOnly, step, action }}
        at={steps.indexOf(step)}
        onChange={(changed) => change((now) => withStep(now, changed))}
      />
      {action && step.Actions.length > 1 && !readOnly && (
        <Group justify="flex-end">
          <Button
            variant="default"
            size="xs"
            color="red"
            onClick={() => {
              const Actions = step.Actions.filter((each) => each.Id !== action.Id);
              change((now) => withStep(now, { ...step, Actions }));
              go({ ...here, step: step.Id });
            }}
          >
            {t("Delete the action {{name}}", { name: action.Name })}
          </Button>
        </Group>
      )}
    </>
  );
}
