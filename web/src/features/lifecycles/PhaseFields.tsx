import {
  ActionIcon,
  Checkbox,
  Fieldset,
  Group,
  MultiSelect,
  NumberInput,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { Refused } from "../../parts/Refused";
import { t } from "../../text";
import { freeFor, ofPhase, type Phase } from "./model";
import { RetentionFields } from "./RetentionFields";

interface Props {
  phases: readonly Phase[];
  at: number;
  phase: Phase;
  environments: readonly { Id: string; Name: string }[];
  sentences: readonly string[];
  readOnly: boolean;
  onChange: (phase: Phase) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

/** One phase: its environments, when a release may go on, what is kept. */
export function PhaseFields(props: Props) {
  const { phases, at, phase, environments, sentences, readOnly, onChange, onMove, onRemove } = props;
  const said = ofPhase(sentences, at);
  const errorOf = (field: string) => said.find((each) => each.field === field)?.text;
  const free = freeFor(at, phases, environments).map((each) => ({ value: each.Id, label: each.Name }));
  const count = phase.AutomaticDeploymentTargets.length + phase.OptionalDeploymentTargets.length;
  return (
    <Fieldset legend={t("{{number}}. {{name}}", { number: at + 1, name: phase.Name })}>
      <Stack gap="sm">
        <Refused sentences={said.filter((each) => !each.field).map((each) => each.text)} />
        <Group align="flex-end" justify="space-between" wrap="nowrap">
          <TextInput
            label={t("Name of the phase")}
            withAsterisk
            flex={1}
            readOnly={readOnly}
            error={errorOf("Name")}
            value={phase.Name}
            onChange={(event) => onChange({ ...phase, Name: event.currentTarget.value })}
          />
          {!readOnly && (
            <Group gap={4} wrap="nowrap" mb={4}>
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={at === 0}
                aria-label={t("Move {{name}} up", { name: phase.Name })}
                onClick={() => onMove(-1)}
              >
                <IconArrowUp size="1.1rem" aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={at === phases.length - 1}
                aria-label={t("Move {{name}} down", { name: phase.Name })}
                onClick={() => onMove(1)}
              >
                <IconArrowDown size="1.1rem" aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="red"
                aria-label={t("Remove the phase {{name}}", { name: phase.Name })}
                onClick={onRemove}
              >
                <IconTrash size="1.1rem" aria-hidden />
              </ActionIcon>
            </Group>
          )}
        </Group>
        <MultiSelect
          searchable
          label={t("Deployed automatically to")}
          description={t("A release goes there by itself as soon as it reaches the phase.")}
          readOnly={readOnly}
          data={free.filter((each) => !phase.OptionalDeploymentTargets.includes(each.value))}
          value={phase.AutomaticDeploymentTargets}
          onChange={(AutomaticDeploymentTargets) => onChange({ ...phase, AutomaticDeploymentTargets })}
        />
        <MultiSelect
          searchable
          label={t("Deployed by people to")}
          readOnly={readOnly}
          data={free.filter((each) => !phase.AutomaticDeploymentTargets.includes(each.value))}
          value={phase.OptionalDeploymentTargets}
          onChange={(OptionalDeploymentTargets) => onChange({ ...phase, OptionalDeploymentTargets })}
        />
        {count === 0 && (
          <Text fz="sm" c="dimmed">
            {t("Without environments, the phase has all that no phase before it names.")}
          </Text>
        )}
        <Checkbox
          label={t("May be skipped")}
          description={t("Releases may go on without having been here.")}
          disabled={readOnly}
          checked={phase.IsOptionalPhase}
          onChange={(event) => onChange({ ...phase, IsOptionalPhase: event.currentTarget.checked })}
        />
        {!phase.IsOptionalPhase && (
          <NumberInput
            label={t("Environments before a release may go on")}
            description={t("0 means all of them.")}
            maw="22rem"
            min={0}
            max={Math.max(count, 0)}
            clampBehavior="none"
            allowDecimal={false}
            readOnly={readOnly}
            error={errorOf("MinimumEnvironmentsBeforePromotion")}
            value={phase.MinimumEnvironmentsBeforePromotion}
            onChange={(typed) =>
              onChange({ ...phase, MinimumEnvironmentsBeforePromotion: Math.max(0, Number(typed) || 0) })
            }
          />
        )}
        <Checkbox
          label={t("Deployments of this phase go first")}
          description={t("Their tasks are taken from the queue before others.")}
          disabled={readOnly}
          checked={phase.IsPriorityPhase}
          onChange={(event) => onChange({ ...phase, IsPriorityPhase: event.currentTarget.checked })}
        />
        <RetentionFields
          label={t("Releases are kept")}
          inherits
          readOnly={readOnly}
          value={phase.ReleaseRetentionPolicy}
          error={errorOf("ReleaseRetentionPolicy.QuantityToKeep")}
          onChange={(ReleaseRetentionPolicy) => onChange({ ...phase, ReleaseRetentionPolicy })}
        />
        <RetentionFields
          label={t("Files on targets are kept")}
          inherits
          readOnly={readOnly}
          value={phase.TentacleRetentionPolicy}
          error={errorOf("TentacleRetentionPolicy.QuantityToKeep")}
          onChange={(TentacleRetentionPolicy) => onChange({ ...phase, TentacleRetentionPolicy })}
        />
      </Stack>
    </Fieldset>
  );
}
