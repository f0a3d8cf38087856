import { Select, Text } from "@mantine/core";
import { useState } from "react";
import { post } from "../../api/client";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { Form } from "../../parts/Form";
import { FormEnd } from "../../parts/FormEnd";
import { PickMany } from "../../parts/PickMany";
import { useSaving } from "../../parts/saving";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { narrowed } from "./held";
import { usePlaces, useSpaceChoices } from "./reads";

const FIELDS = ["UserRoleId", "SpaceId", "ProjectIds", "ProjectGroupIds", "EnvironmentIds"] as const;
const PLACE = "/api/scopeduserroles";

interface Props {
  team: Schema["Team"];
  roles: readonly Schema["UserRole"][];
  onClose: () => void;
}

/** Gives a team a role somewhere; a sentence says what that comes to before it is done. */
export function GiveRoleDialog({ team, roles, onClose }: Props) {
  const here = useSpaceId();
  const spaces = useSpaceChoices();
  const [role, setRole] = useState("");
  const [space, setSpace] = useState(team.SpaceId || here);
  const [only, setOnly] = useState({ ProjectIds: [], ProjectGroupIds: [], EnvironmentIds: [] } as Only);
  const places = usePlaces(space);
  const saving = useSaving(FIELDS);
  const body = { UserRoleId: role, TeamId: team.Id ?? "", SpaceId: space || null, ...only };
  const give = async () => {
    const done = await saving.run(async () => {
      await post(PLACE, { body });
      stale("other");
    }, t("The role was given"));
    if (done) onClose();
  };
  const chosen = roles.find((one) => one.Id === role);
  const fitting = roles.filter(
    (one) => ((space ? one.GrantedSpacePermissions : one.GrantedSystemPermissions) ?? []).length > 0,
  );
  const known = new Map(
    [...places.projects, ...places.groups, ...places.environments].map((one) => [one.value, one.label]),
  );
  return (
    <Dialog opened onClose={onClose} size="lg" title={t("Give {{team}} a role", { team: team.Name })}>
      <Form saving={saving} onSend={give}>
        <Select
          label={t("Where")}
          data={[...spaces, ...(team.SpaceId ? [] : [{ value: "", label: t("In the system") }])]}
          value={space}
          onChange={(value) => {
            setSpace(value ?? "");
            setOnly({ ProjectIds: [], ProjectGroupIds: [], EnvironmentIds: [] });
          }}
          allowDeselect={false}
          readOnly={Boolean(team.SpaceId)}
          error={saving.errorOf("SpaceId")}
        />
        <Select
          label={t("Role")}
          description={chosen?.Description ?? undefined}
          data={fitting.map((one) => ({ value: one.Id ?? "", label: one.Name }))}
          value={role || null}
          onChange={(value) => setRole(value ?? "")}
          searchable
          allowDeselect={false}
          placeholder={t("Choose one")}
          error={saving.errorOf("UserRoleId")}
        />
        {space && <Narrowing only={only} onChange={setOnly} places={places} errorOf={saving.errorOf} />}
        {chosen && (
          <Text fz="sm" aria-live="polite" data-preview>
            <Sentence
              team={team}
              role={chosen.Name}
              where={spaces.find((one) => one.value === space)?.label}
            />{" "}
            {narrowed({ ...only, TenantIds: [] }, known) &&
              t("Only for {{what}}.", { what: narrowed({ ...only, TenantIds: [] }, known) })}
          </Text>
        )}
        <FormEnd
          action={t("Give the role")}
          busy={saving.busy}
          why={role ? undefined : t("Choose a role.")}
          request={() => ({ method: "POST", template: PLACE, body })}
        />
      </Form>
    </Dialog>
  );
}

type Only = { ProjectIds: string[]; ProjectGroupIds: string[]; EnvironmentIds: string[] };

function Sentence({ team, role, where }: { team: Schema["Team"]; role: string; where?: string | undefined }) {
  const count = (team.MemberUserIds ?? []).length;
  const place = where ?? t("the system");
  return team.CanChangeMembers === false
    ? t("Everybody becomes {{role}} in {{place}}.", { role, place })
    : t("{{count}} members become {{role}} in {{place}}.", {
        count,
        role,
        place,
        one: "{{count}} member becomes {{role}} in {{place}}.",
      });
}

interface NarrowingProps {
  only: Only;
  onChange: (only: Only) => void;
  places: ReturnType<typeof usePlaces>;
  errorOf: (field: string) => string | undefined;
}

function Narrowing({ only, onChange, places, errorOf }: NarrowingProps) {
  return (
    <>
      <PickMany
        label={t("Only for projects")}
        value={only.ProjectIds}
        onChange={(ProjectIds) => onChange({ ...only, ProjectIds })}
        choices={places.projects}
        none={t("All projects")}
        error={errorOf("ProjectIds")}
      />
      <PickMany
        label={t("Only for project groups")}
        value={only.ProjectGroupIds}
        onChange={(ProjectGroupIds) => onChange({ ...only, ProjectGroupIds })}
        choices={places.groups}
        none={t("All project groups")}
        error={errorOf("ProjectGroupIds")}
      />
      <PickMany
        label={t("Only for environments")}
        value={only.EnvironmentIds}
        onChange={(EnvironmentIds) => onChange({ ...only, EnvironmentIds })}
        choices={places.environments}
        none={t("All environments")}
        error={errorOf("EnvironmentIds")}
      />
    </>
  );
}
