import { Alert, Anchor, Button, FileButton, Group, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { address, put, remove, send } from "../../api/client";
import { reading, stale, useQuery, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { useDraft } from "../../parts/draft";
import { Form } from "../../parts/Form";
import { Page } from "../../parts/Page";
import { choicesOf, PickMany } from "../../parts/PickMany";
import { Refused } from "../../parts/Refused";
import { SaveBar } from "../../parts/SaveBar";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { useMissing } from "../../shell/missing";
import { useMay } from "../../shell/session";
import { t } from "../../text";

const PLACE = "/api/spaces/{id}";
const FIELDS = [
  "Name",
  "Description",
  "IsDefault",
  "IsPrivate",
  "TaskQueueStopped",
  "SpaceManagersTeams",
  "SpaceManagersTeamMembers",
] as const;

/** A space: its name, who manages it, its queue, and its end. */
export function SpacePage() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const { data: space } = useSuspenseQuery(reading("other", PLACE, { path: { id } }));
  return (
    <Page
      title={space.Name}
      crumbs={[{ text: t("Spaces"), to: "/configuration/spaces" }]}
      about={
        <Anchor component={Link} to={`/${space.Id}`} inherit>
          {t("Go into the space")}
        </Anchor>
      }
    >
      <SpaceForm key={space.Id} space={space} />
      <Logo space={space} />
      <End space={space} />
    </Page>
  );
}

function SpaceForm({ space }: { space: Schema["Space"] }) {
  const { draft, set, dirty, reset, settle, moved } = useDraft(space);
  const saving = useSaving(FIELDS);
  const id = space.Id ?? "";
  const why = useMissing("SpaceEdit", id);
  const seesUsers = useMay("UserView", "") === true;
  const seesTeams = useMay("TeamView", "") === true;
  const users = useQuery({ ...reading("other", "/api/users/all"), enabled: seesUsers }).data ?? [];
  const teams =
    useQuery({
      ...reading("other", "/api/teams/all", { query: { includeSystem: true } }),
      enabled: seesTeams,
    }).data ?? [];
  const here = teams.filter((team) => !team.SpaceId || team.SpaceId === id);
  const people = users.map((user) => ({ value: user.Id ?? "", label: user.DisplayName || user.Username }));
  const save = async () => {
    await saving.run(async () => {
      settle(await put(PLACE, { path: { id }, body: draft }));
      stale("other", "task");
    }, t("Saved"));
  };
  const text = textFields(draft, set, saving, Boolean(why));
  return (
    <Section title={t("Space")}>
      <Form saving={saving} onSend={save} maw="40rem">
        <TextInput label={t("Name")} required {...text("Name")} />
        <Textarea label={t("Description")} autosize {...text("Description")} />
        <PickMany
          label={t("Managers: people")}
          description={t("They may do everything inside.")}
          value={draft.SpaceManagersTeamMembers ?? []}
          onChange={(SpaceManagersTeamMembers) => set({ SpaceManagersTeamMembers })}
          choices={people}
          error={saving.errorOf("SpaceManagersTeamMembers")}
          readOnly={Boolean(why)}
        />
        <PickMany
          label={t("Managers: teams")}
          value={draft.SpaceManagersTeams ?? []}
          onChange={(SpaceManagersTeams) => set({ SpaceManagersTeams })}
          choices={choicesOf(here as { Id: string; Name: string }[])}
          error={saving.errorOf("SpaceManagersTeams")}
          readOnly={Boolean(why)}
        />
        <Switches draft={draft} set={set} errorOf={saving.errorOf} readOnly={Boolean(why)} />
        <SaveBar
          dirty={dirty}
          busy={saving.busy}
          why={why}
          onReset={reset}
          moved={moved}
          request={() => ({ method: "PUT", template: PLACE, path: { id }, body: draft })}
        />
      </Form>
    </Section>
  );
}

interface SwitchesProps {
  draft: Schema["Space"];
  set: (change: Partial<Schema["Space"]>) => void;
  errorOf: (field: string) => string | undefined;
  readOnly: boolean;
}

function Switches({ draft, set, errorOf, readOnly }: SwitchesProps) {
  const turn = (name: "IsPrivate" | "TaskQueueStopped" | "IsDefault") => ({
    checked: draft[name] ?? false,
    onChange: (event: { currentTarget: { checked: boolean } }) =>
      set({ [name]: event.currentTarget.checked }),
    error: errorOf(name),
    disabled: readOnly,
  });
  return (
    <>
      <Switch
        label={t("Private")}
        description={t("Only who was given something in it is inside; administrators are not.")}
        {...turn("IsPrivate")}
      />
      <Switch
        label={t("Stop the task queue")}
        description={t("What runs goes on; nothing new begins until it is started again.")}
        {...turn("TaskQueueStopped")}
      />
      <Switch
        label={t("Default space")}
        description={t("Where people begin, and what addresses without a space mean.")}
        {...turn("IsDefault")}
      />
    </>
  );
}

function Logo({ space }: { space: Schema["Space"] }) {
  const id = space.Id ?? "";
  const [turn, setTurn] = useState(0);
  const saving = useSaving();
  const why = useMissing("SpaceEdit", id);
  const place = address("/api/spaces/{id}/logo", { id });
  const replace = (file: File | null) => {
    if (!file) return;
    const body = new FormData();
    body.set("file", file);
    void saving.run(async () => {
      await send(place, { method: "POST", body });
      setTurn(turn + 1);
    }, t("The picture was replaced"));
  };
  return (
    <Section
      title={t("Picture")}
      about={t("A PNG, JPEG, GIF or WebP. Without one it is drawn from the name.")}
    >
      <Refused error={saving.error} />
      <Group>
        <img
          src={`${place}?turn=${turn}`}
          alt={t("Picture of {{name}}", { name: space.Name })}
          width="64"
          height="64"
        />
        {!why && (
          <FileButton onChange={replace} accept="image/png,image/jpeg,image/gif,image/webp">
            {(props) => (
              <Button variant="default" loading={saving.busy} {...props}>
                {t("Replace the picture")}
              </Button>
            )}
          </FileButton>
        )}
      </Group>
    </Section>
  );
}

/** Deleting a space is a task of its own; this says how far it is. */
function End({ space }: { space: Schema["Space"] }) {
  const id = space.Id ?? "";
  const [task, setTask] = useState<Schema["Task"]>();
  const lacking = useMissing("SpaceDelete", id);
  const why =
    lacking ??
    (task
      ? t("It is being deleted already.")
      : space.IsDefault
        ? t("The default space stays. Make another one the default first.")
        : space.TaskQueueStopped
          ? undefined
          : t("Stop its task queue first, and save."));
  const drop = async () => {
    setTask(await remove("/api/spaces/{id}", { path: { id } }));
    stale("other");
  };
  return (
    <Section
      title={t("Deleting")}
      about={t("Everything inside is removed for good. What stays is the audit trail.")}
    >
      {task && (
        <Alert role="status" title={t("It is being deleted")}>
          <Text c="var(--mantine-color-text)">
            {t("From now on nobody gets in. The task that removes everything:")}{" "}
            <Anchor component={Link} to={`/configuration/tasks/${task.Id}`} underline="always">
              {task.Id}
            </Anchor>
          </Text>
        </Alert>
      )}
      <Group>
        <Destroy
          action={t("Delete the space {{name}}", { name: space.Name })}
          name={space.Name}
          effect={t(
            "All projects, releases, machines, packages, teams and tasks of the space are removed for good.",
          )}
          onConfirm={drop}
          why={why}
        />
      </Group>
    </Section>
  );
}
