import { Badge, Group, SimpleGrid, Text, Textarea, TextInput } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import { put, remove } from "../../api/client";
import { reading, stale, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { useDraft } from "../../parts/draft";
import { Form } from "../../parts/Form";
import { Page } from "../../parts/Page";
import { PickMany } from "../../parts/PickMany";
import { SaveBar } from "../../parts/SaveBar";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { useMissing } from "../../shell/missing";
import { t } from "../../text";
import { ExternalGroups } from "./ExternalGroups";
import { GivenRoles } from "./GivenRoles";
import { peopleOf, useSpaceChoices, useUsers } from "./reads";
import { useTeamsPlace } from "./TeamsPage";

const FIELDS = ["Name", "Description", "MemberUserIds", "ExternalSecurityGroups"] as const;
const PLACE = "/api/teams/{id}";

/** A team: who is in it, and what it was given where. */
export function TeamPage() {
  const { team: id = "" } = useParams({ strict: false }) as { team?: string };
  const { to } = useTeamsPlace();
  const team = useSuspenseQuery(reading("other", PLACE, { path: { id } })).data;
  const spaces = useSpaceChoices();
  const navigate = useNavigate();
  const lacking = useMissing("TeamDelete", team.SpaceId ?? "");
  const of = team.SpaceId
    ? t("Team of the space {{name}}", {
        name: spaces.find((one) => one.value === team.SpaceId)?.label ?? team.SpaceId,
      })
    : t("Team of the system");
  const drop = async () => {
    await remove(PLACE, { path: { id: team.Id ?? id } });
    stale("other");
    await navigate({ to });
  };
  return (
    <Page
      title={team.Name}
      crumbs={[{ text: t("Teams"), to }]}
      about={of}
      actions={
        <Destroy
          action={t("Delete the team")}
          name={team.Name}
          effect={t("Everybody in it loses what the team was given. The people stay.")}
          onConfirm={drop}
          why={team.CanBeDeleted === false ? t("This team comes with the server and stays.") : lacking}
        />
      }
    >
      <Members key={team.Id} team={team} />
      <GivenRoles team={team} />
    </Page>
  );
}

function Members({ team }: { team: Schema["Team"] }) {
  const { draft, set, dirty, reset, settle, moved } = useDraft(team);
  const users = useUsers();
  const saving = useSaving(FIELDS);
  const why = useMissing("TeamEdit", team.SpaceId ?? "");
  const path = { id: team.Id ?? "" };
  const save = async () => {
    await saving.run(async () => {
      settle(await put(PLACE, { path, body: draft }));
      stale("other");
    }, t("Saved"));
  };
  const fixed = team.CanChangeMembers === false;
  const text = textFields(draft, set, saving, Boolean(why) || team.CanBeRenamed === false);
  return (
    <Section title={t("Who is in it")}>
      <Form saving={saving} onSend={save}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          <TextInput label={t("Name")} required {...text("Name")} />
          <Textarea label={t("Description")} autosize {...text("Description")} />
        </SimpleGrid>
        {fixed ? (
          <Text>{t("Everybody belongs to this team.")}</Text>
        ) : (
          <>
            <PickMany
              label={t("Members")}
              value={draft.MemberUserIds ?? []}
              onChange={(MemberUserIds) => set({ MemberUserIds })}
              choices={peopleOf(users)}
              none={t("Nobody yet")}
              error={saving.errorOf("MemberUserIds")}
              readOnly={Boolean(why)}
            />
            <ExternalGroups
              groups={draft.ExternalSecurityGroups ?? []}
              onChange={(ExternalSecurityGroups) => set({ ExternalSecurityGroups })}
              error={saving.errorOf("ExternalSecurityGroups")}
              readOnly={Boolean(why)}
            />
            <Preview team={draft} users={users} />
          </>
        )}
        <SaveBar
          dirty={dirty}
          busy={saving.busy}
          why={why}
          onReset={reset}
          moved={moved}
          request={() => ({ method: "PUT", template: PLACE, path, body: draft })}
        />
      </Form>
    </Section>
  );
}

function Preview({ team, users }: { team: Schema["Team"]; users: readonly Schema["User"][] }) {
  const ids = new Set(team.MemberUserIds ?? []);
  const people = users.filter((user) => ids.has(user.Id ?? ""));
  const off = people.filter((user) => user.IsActive === false);
  const groups = (team.ExternalSecurityGroups ?? []).length;
  return (
    <Group gap="xs" aria-live="polite">
      <Text fz="sm">{t("{{count}} members", { count: ids.size, one: "{{count}} member" })}</Text>
      {groups > 0 && (
        <Text fz="sm">
          {t("and everybody of {{count}} groups, from their next sign-in on", {
            count: groups,
            one: "and everybody of {{count}} group, from their next sign-in on",
          })}
        </Text>
      )}
      {off.map((user) => (
        <Badge key={user.Id} variant="default" tt="none" fw={500}>
          {t("{{name}} is disabled", { name: user.DisplayName || user.Username })}
        </Badge>
      ))}
    </Group>
  );
}
