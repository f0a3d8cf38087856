import { Button, Checkbox, Group, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { reading, useQuery } from "../../api/queries";
import { Dialog } from "../../parts/Dialog";
import { Refused } from "../../parts/Refused";
import { WhyButton } from "../../parts/WhyButton";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { useProject } from "../projects/shared";
import { factsOf } from "./facts";
import type { Step, StepForm } from "./model";
import { processOf } from "./reads";

interface Props {
  types: readonly StepForm[];
  onCopy: (steps: readonly Step[]) => void;
  onClose: () => void;
}

/** Steps of another project, to choose from and copy. */
export function CopySteps({ types, onCopy, onClose }: Props) {
  const spaceId = useSpaceId();
  const own = useProject();
  const [project, setProject] = useState<string | null>(null);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const projects = useQuery(reading("project", "/api/{spaceId}/projects/all", { path: { spaceId } }));
  const process = useQuery({ ...processOf(spaceId, project ?? ""), enabled: project !== null });
  const steps = project ? (process.data?.Steps ?? []) : [];
  const taken = steps.filter((step) => chosen.includes(step.Id));
  return (
    <Dialog opened onClose={onClose} size="lg" title={t("Copy steps from another project")}>
      <Stack>
        <Refused error={projects.error ?? process.error} />
        <Select
          label={t("Project")}
          searchable
          data-autofocus
          data={(projects.data ?? [])
            .filter((each) => each.Id !== own.Id)
            .map((each) => ({ value: each.Id, label: each.Name }))}
          value={project}
          onChange={(id) => {
            setProject(id);
            setChosen([]);
          }}
        />
        {project && process.data && steps.length === 0 && (
          <Text c="dimmed">{t("Its process has no steps yet.")}</Text>
        )}
        {steps.length > 0 && (
          <Checkbox.Group
            label={t("Steps")}
            description={t("Channels are left out, for they are the other project's, and so are secrets.")}
            value={[...chosen]}
            onChange={setChosen}
          >
            <Stack gap="xs" mt="xs">
              {steps.map((step, at) => (
                <Checkbox
                  key={step.Id}
                  value={step.Id}
                  label={step.Name}
                  description={factsOf(step, at, types).join(" · ")}
                />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("Cancel")}
          </Button>
          <WhyButton
            why={taken.length === 0 ? t("Choose a project and at least one of its steps.") : undefined}
            onClick={() => onCopy(taken)}
          >
            {t("Copy {{count}} steps", { count: taken.length, one: "Copy {{count}} step" })}
          </WhyButton>
        </Group>
      </Stack>
    </Dialog>
  );
}
