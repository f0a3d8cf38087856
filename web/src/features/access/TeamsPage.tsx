import { Anchor, Group, Modal, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../../api/client";
import { reading, stale, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { CopyAs } from "../../parts/CopyAs";
import { Filter } from "../../parts/Filter";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { useMissing } from "../../shell/missing";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { useSpaceChoices } from "./reads";
import type { ListSearch } from "./routes";

/** Where the page is: the space it is of ("" for all), and its address. */
export function useTeamsPlace(): { spaceId: string; to: string } {
  const { space } = useParams({ strict: false });
  const id = useSpaceId();
  return space ? { spaceId: id, to: `/${id}/teams` } : { spaceId: "", to: "/configuration/teams" };
}

const everywhere = reading("other", "/api/teams/all", { query: { includeSystem: true } });
const inSpace = (spaceId: string) =>
  reading("other", "/api/{spaceId}/teams/all", { path: { spaceId }, query: { includeSystem: true } });

/** Teams: of a space, or all of them. */
export function TeamsPage() {
  const { spaceId, to } = useTeamsPlace();
  const teams = useSuspenseQuery((spaceId ? inSpace(spaceId) : everywhere) as typeof everywhere).data;
  const { q = "" } = useSearch({ strict: false }) as ListSearch;
  const navigate = useNavigate();
  const [opened, dialog] = useDisclosure(false);
  const names = new Map(useSpaceChoices().map((one) => [one.value, one.label]));
  const shown = teams.filter((team) => team.Name.toLowerCase().includes(q.toLowerCase()));
  return (
    <Page
      title={t("Teams")}
      about={t("People who are given roles together. Teams of the system may be given roles in every space.")}
      actions={
        <WhyButton onClick={dialog.open} why={useMissing("TeamCreate", spaceId)}>
          {t("Add a team")}
        </WhyButton>
      }
    >
      <Group>
        <Filter
          label={t("Name")}
          value={q}
          onChange={(text) => void navigate({ to, search: { q: text || undefined } as never, replace: true })}
        />
      </Group>
      <ListTable
        label={t("Teams")}
        items={shown}
        idOf={(team) => team.Id ?? ""}
        columns={[
          {
            key: "name",
            head: t("Name"),
            cell: (team: Schema["Team"]) => (
              <Anchor component={Link} to={`${to}/${team.Id}`} inherit>
                {team.Name}
              </Anchor>
            ),
          },
          {
            key: "space",
            head: t("Of"),
            cell: (team) => (team.SpaceId ? (names.get(team.SpaceId) ?? team.SpaceId) : t("System")),
          },
          {
            key: "members",
            head: t("Members"),
            end: true,
            cell: (team) => (team.CanChangeMembers === false ? t("All") : (team.MemberUserIds ?? []).length),
          },
          { key: "about", head: t("About"), cell: (team) => team.Description },
        ]}
      />
      <NewTeam opened={opened} onClose={dialog.close} spaceId={spaceId} to={to} />
    </Page>
  );
}

function NewTeam({
  opened,
  onClose,
  spaceId,
  to,
}: {
  opened: boolean;
  onClose: () => void;
  spaceId: string;
  to: string;
}) {
  const [Name, setName] = useState("");
  const [Description, setDescription] = useState("");
  const [space, setSpace] = useState(spaceId);
  const spaces = useSpaceChoices();
  const saving = useSaving(["Name", "Description", "SpaceId"]);
  const navigate = useNavigate();
  const body = { Name, Description, SpaceId: space || null };
  const make = async () => {
    let id = "";
    const done = await saving.run(async () => {
      id = (await post("/api/teams", { body })).Id ?? "";
      stale("other");
    });
    if (done) await navigate({ to: `${to}/${id}` });
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("Add a team")}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <Stack
        component="form"
        onSubmit={(event: { preventDefault: () => void }) => {
          event.preventDefault();
          void make();
        }}
      >
        <Refused sentences={saving.others} />
        <TextInput
          label={t("Name")}
          required
          data-autofocus
          value={Name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={saving.errorOf("Name")}
        />
        <Textarea
          label={t("Description")}
          autosize
          value={Description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          error={saving.errorOf("Description")}
        />
        {!spaceId && (
          <Select
            label={t("Of")}
            description={t("A team of the system may be given roles in every space.")}
            data={[{ value: "", label: t("System") }, ...spaces]}
            value={space}
            onChange={(value) => setSpace(value ?? "")}
            allowDeselect={false}
            error={saving.errorOf("SpaceId")}
          />
        )}
        <Group justify="flex-end" gap="xs">
          <CopyAs request={() => ({ method: "POST", template: "/api/teams", body })} />
          <WhyButton type="submit" loading={saving.busy} why={Name ? undefined : t("A name is needed.")}>
            {t("Add the team")}
          </WhyButton>
        </Group>
      </Stack>
    </Modal>
  );
}
