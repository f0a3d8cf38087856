import { Button, Checkbox, Group, Select, Text, Textarea, TextInput, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { post, put, remove } from "../../api/client";
import { sentencesOf } from "../../api/errors";
import { queries, reading, stale, useQuery } from "../../api/queries";
import { CopyAs } from "../../parts/CopyAs";
import { Destroy } from "../../parts/Destroy";
import { Form } from "../../parts/Form";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { useProject } from "../projects/shared";
import { type Channel, newRule, packagesOf, type Rule } from "./model";
import { RuleFields } from "./RuleFields";

interface Props {
  found: Channel;
  lifecycles: readonly { Id: string; Name: string }[];
  readOnly: boolean;
  close: () => void;
}

const FIELDS = ["Name", "Description", "LifecycleId", "Slug"];
const NONE: readonly never[] = [];

/** A channel as a form: its lifecycle, whether it is the default, its rules. */
export function ChannelEditor({ found, lifecycles, readOnly, close }: Props) {
  const spaceId = useSpaceId();
  const project = useProject();
  const isNew = found.Id === "";
  const [channel, setChannel] = useState(found);
  const saving = useSaving(FIELDS);
  const process = useQuery(
    reading("project", "/api/{spaceId}/projects/{id}/deploymentprocesses", {
      path: { spaceId, id: project.Id },
    }),
  ).data;
  const packages = process ? packagesOf(process) : NONE;
  const set = (changes: Partial<Channel>) => setChannel((now) => ({ ...now, ...changes }));
  const setRule = (at: number, rule: Rule) =>
    set({ Rules: channel.Rules.map((each, place) => (place === at ? rule : each)) });
  const path = { spaceId, project_id: project.Id, id: found.Id };
  const template = "/api/{spaceId}/projects/{project_id}/channels";
  const save = () =>
    saving.run(async () => {
      if (isNew) await post(template, { path, body: channel });
      else await put(`${template}/{id}`, { path, body: channel });
      stale("other");
      close();
    }, t("The channel is saved."));
  const sentences = saving.error ? sentencesOf(saving.error) : NONE;
  const others = saving.others.filter((each) => !/^Rules\[\d+\]/.test(each));
  const text = textFields(channel, set, saving, readOnly);
  return (
    <Form saving={{ busy: saving.busy || readOnly, others }} onSend={save} maw="48rem">
      <Group justify="space-between">
        <Title order={3} size="h4">
          {isNew ? t("New channel") : found.Name}
        </Title>
        <CopyAs
          request={() => ({
            method: isNew ? "POST" : "PUT",
            template: isNew ? template : `${template}/{id}`,
            path,
            body: { ...channel, Links: undefined },
          })}
        />
      </Group>
      <TextInput label={t("Name")} withAsterisk {...text("Name")} />
      <Textarea label={t("Description")} autosize {...text("Description")} />
      <Select
        label={t("Lifecycle")}
        placeholder={t("The project's")}
        maw="24rem"
        clearable
        clearButtonProps={{ "aria-label": t("Use the project's lifecycle") }}
        readOnly={readOnly}
        error={saving.errorOf("LifecycleId")}
        data={lifecycles.map((each) => ({ value: each.Id, label: each.Name }))}
        value={channel.LifecycleId}
        onChange={(LifecycleId) => set({ LifecycleId })}
      />
      <Checkbox
        label={t("Default channel")}
        description={t("Releases get it where none is named.")}
        disabled={readOnly || found.IsDefault}
        checked={channel.IsDefault}
        onChange={(event) => set({ IsDefault: event.currentTarget.checked })}
      />
      <Title order={4} size="h5">
        {t("Version rules")}
      </Title>
      <Text fz="sm" c="dimmed">
        {packages.length === 0
          ? t("The process has no packages a rule could be about.")
          : t("A release of the channel may only have versions of packages that their rules let through.")}
      </Text>
      {channel.Rules.map((rule, at) => (
        <RuleFields
          key={rule.Id || at}
          {...{ rule, at, packages, sentences, readOnly }}
          onChange={(changed) => setRule(at, changed)}
          onRemove={() => set({ Rules: channel.Rules.filter((_, place) => place !== at) })}
        />
      ))}
      {!readOnly && (
        <Group>
          <Button
            variant="default"
            leftSection={<IconPlus size="1rem" aria-hidden />}
            onClick={() => set({ Rules: [...channel.Rules, newRule()] })}
          >
            {t("Add a rule")}
          </Button>
        </Group>
      )}
      <Group justify="space-between">
        {!isNew && !readOnly ? (
          <Destroy
            action={t("Delete the channel {{name}}", { name: found.Name })}
            name={found.Name}
            effect={t("A channel with releases cannot be deleted; steps limited to it must let it go first.")}
            onConfirm={async () => {
              await remove("/api/{spaceId}/projects/{project_id}/channels/{id}", { path });
              await queries.invalidateQueries();
              close();
            }}
          />
        ) : (
          <span />
        )}
        <Group gap="xs">
          <Button variant="default" onClick={close}>
            {readOnly ? t("Close") : t("Cancel")}
          </Button>
          {!readOnly && (
            <Button type="submit" loading={saving.busy}>
              {t("Save")}
            </Button>
          )}
        </Group>
      </Group>
    </Form>
  );
}
