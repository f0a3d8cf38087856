import { Checkbox, Radio, Select, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { reading, useQuery } from "../../api/queries";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { groupsReading, lifecyclesReading } from "./reading";
import { SettingsCard } from "./SettingsCard";
import { type Draft, donorsOf } from "./settings";

interface Props {
  draft: Draft;
  change: (some: Partial<Draft>) => void;
  errorOf: (field: string) => string | undefined;
}

/** What the project is called, where it belongs, and whether it is in use. */
export function GeneralSection({ draft, change, errorOf }: Props) {
  const spaceId = useSpaceId();
  const groups = useQuery(groupsReading(spaceId)).data ?? [];
  const lifecycles = useQuery(lifecyclesReading(spaceId)).data ?? [];
  return (
    <SettingsCard title={t("General")}>
      <TextInput
        label={t("Name")}
        value={draft.Name}
        onChange={(event) => change({ Name: event.currentTarget.value })}
        error={errorOf("Name")}
        required
        withAsterisk={false}
      />
      <TextInput
        label={t("Slug")}
        description={t("Stands in addresses. Links with another one end here no longer once it is changed.")}
        value={draft.Slug}
        onChange={(event) => change({ Slug: event.currentTarget.value })}
        error={errorOf("Slug")}
      />
      <Textarea
        label={t("Description")}
        description={t("Markdown. Its first line stands in lists.")}
        autosize
        minRows={2}
        maxRows={10}
        value={draft.Description}
        onChange={(event) => change({ Description: event.currentTarget.value })}
        error={errorOf("Description")}
      />
      <Select
        label={t("Project group")}
        data={groups.map((each) => ({ value: each.Id, label: each.Name }))}
        value={draft.ProjectGroupId}
        onChange={(ProjectGroupId) => ProjectGroupId && change({ ProjectGroupId })}
        error={errorOf("ProjectGroupId")}
        allowDeselect={false}
      />
      <Select
        label={t("Lifecycle")}
        description={t("For releases in channels that name no other.")}
        data={lifecycles.map((each) => ({ value: each.Id, label: each.Name }))}
        value={draft.LifecycleId}
        onChange={(LifecycleId) => LifecycleId && change({ LifecycleId })}
        error={errorOf("LifecycleId")}
        allowDeselect={false}
      />
      <Switch
        label={t("The project is in use")}
        description={t("While it is not, nothing new of it is released or deployed. What runs goes on.")}
        checked={!draft.IsDisabled}
        onChange={(event) => change({ IsDisabled: !event.currentTarget.checked })}
      />
    </SettingsCard>
  );
}

/** Which number a new release gets, and what its notes begin as. */
export function ReleasesSection({ draft, change, errorOf, projectId }: Props & { projectId: string }) {
  const spaceId = useSpaceId();
  const process = useQuery(
    reading("project", "/api/{spaceId}/projects/{id}/deploymentprocesses", {
      path: { spaceId, id: projectId },
    }),
  ).data;
  const donors = process ? donorsOf(process) : [];
  const error =
    errorOf("VersioningStrategy.Template") ??
    errorOf("VersioningStrategy.DonorPackage") ??
    errorOf("VersioningStrategy");
  return (
    <SettingsCard title={t("Releases")}>
      <Radio.Group
        label={t("The number of a new release")}
        value={draft.versioning}
        onChange={(versioning) => change({ versioning: versioning === "package" ? "package" : "template" })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="template" label={t("Comes from a template")} />
          <Radio
            value="package"
            label={t("Is the version of a package")}
            disabled={donors.length === 0 && draft.versioning !== "package"}
            description={donors.length === 0 ? t("No step of the process has a package.") : undefined}
          />
        </Stack>
      </Radio.Group>
      {draft.versioning === "template" ? (
        <TextInput
          label={t("Template of the number")}
          description={t(
            "For example 1.4.i, or with variables: #{Octopus.Version.LastMajor}.#{Octopus.Version.NextMinor}.0",
          )}
          value={draft.template}
          onChange={(event) => change({ template: event.currentTarget.value })}
          error={error}
        />
      ) : (
        <Select
          label={t("Package whose version counts")}
          data={donors.map((each) => ({ value: each.key, label: each.words }))}
          value={draft.donor || null}
          onChange={(donor) => change({ donor: donor ?? "" })}
          error={error}
          allowDeselect={false}
        />
      )}
      <Textarea
        label={t("Template of release notes")}
        description={t("What the notes of a new release begin as. Markdown, may hold variables.")}
        autosize
        minRows={2}
        maxRows={10}
        value={draft.ReleaseNotesTemplate}
        onChange={(event) => change({ ReleaseNotesTemplate: event.currentTarget.value })}
        error={errorOf("ReleaseNotesTemplate")}
      />
    </SettingsCard>
  );
}

/** What happens when a step fails, and when targets cannot be reached. */
export function DeploymentsSection({ draft, change, errorOf }: Props) {
  return (
    <SettingsCard title={t("Deployments")}>
      <Select
        label={t("When a step fails")}
        data={[
          { value: "EnvironmentDefault", label: t("As the environment says") },
          { value: "On", label: t("Ask somebody what to do (guided failure)") },
          { value: "Off", label: t("Fail the deployment") },
        ]}
        value={draft.DefaultGuidedFailureMode}
        onChange={(mode) =>
          mode && change({ DefaultGuidedFailureMode: mode as Draft["DefaultGuidedFailureMode"] })
        }
        error={errorOf("DefaultGuidedFailureMode")}
        allowDeselect={false}
      />
      <Select
        label={t("When a target cannot be reached")}
        data={[
          { value: "None", label: t("Fail the deployment") },
          { value: "SkipUnavailableMachines", label: t("Go on without it") },
        ]}
        value={draft.SkipMachineBehavior}
        onChange={(mode) => mode && change({ SkipMachineBehavior: mode as Draft["SkipMachineBehavior"] })}
        error={errorOf("ProjectConnectivityPolicy")}
        allowDeselect={false}
      />
      <Checkbox
        label={t("Leave out targets that are unhealthy")}
        checked={draft.ExcludeUnhealthyTargets}
        onChange={(event) => change({ ExcludeUnhealthyTargets: event.currentTarget.checked })}
      />
      <Checkbox
        label={t("Allow deployments where there is no target")}
        description={t("For environments whose machines come later.")}
        checked={draft.AllowDeploymentsToNoTargets}
        onChange={(event) => change({ AllowDeploymentsToNoTargets: event.currentTarget.checked })}
      />
    </SettingsCard>
  );
}
