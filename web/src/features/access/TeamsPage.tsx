import { Anchor, Group, Select, Textarea, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { post } from "../../api/client";
import { reading, stale, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { useDraft } from "../../parts/draft";
import { Filter } from "../../parts/Filter";
import { Form } from "../../parts/Form";
import { FormEnd } from "../../parts/FormEnd";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { WhyButton } from "../../parts/WhyButton";
import { useMissing } from "../../shell/missing";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { useSpaceChoices } from "./reads";
import type { ListSearch } from "./search";

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
  const { draft: body, set } = useDraft({ Name: "", Description: "", SpaceId: spaceId || null });
  const spaces = useSpaceChoices();
  const saving = useSaving(["Name", "Description", "SpaceId"]);
  const navigate = useNavigate();
  const text = textFields(body, set, saving);
  const make = async () => {
    let id = "";
    const done = await saving.run(async () => {
      id = (await post("/api/teams", { body })).Id ?? "";
      stale("other");
    });
    if (done) await navigate({ to: `${to}/${id}` });
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("Add a team")}>
      <Form saving={saving} onSend={make}>
        <TextInput label={t("Name")} required data-autofocus {...text("Name")} />
        <Textarea label={t("Description")} autosize {...text("Description")} />
        {!spaceId && (
          <Select
            label={t("Of")}
            description={t("A team of the system may be given roles in every space.")}
            data={[{ value: "", label: t("System") }, ...spaces]}
            value={body.SpaceId ?? ""}
            onChange={(value) => set({ SpaceId: value || null })}
            allowDeselect={false}
            error={saving.errorOf("SpaceId")}
          />
        )}
        <FormEnd
          action={t("Add the team")}
          busy={saving.busy}
          why={body.Name ? undefined : t("A name is needed.")}
          request={() => ({ method: "POST", template: "/api/teams", body })}
        />
      </Form>
    </Dialog>
  );
}
