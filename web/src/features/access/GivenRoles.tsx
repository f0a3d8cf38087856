import { Anchor, Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { remove } from "../../api/client";
import { reading, stale, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Refused } from "../../parts/Refused";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { missing, useMissing } from "../../shell/missing";
import { useMay } from "../../shell/session";
import { t } from "../../text";
import classes from "./GivenRoles.module.css";
import { GiveRoleDialog } from "./GiveRoleDialog";
import type { Names } from "./held";
import { useNames, useRoles } from "./reads";

/** What a team was given: a role a line, with chips for what it is narrowed to. */
export function GivenRoles({ team }: { team: Schema["Team"] }) {
  const id = team.Id ?? "";
  const given = useSuspenseQuery(
    reading("other", "/api/teams/{id}/scopeduserroles", {
      path: { id },
      query: { take: 2147483647, includeSystem: true },
    }),
  ).data.Items;
  const names = useNames(given.map((one) => one.SpaceId ?? ""));
  const roles = useRoles();
  const [opened, dialog] = useDisclosure(false);
  const saving = useSaving();
  const system = useMay("TeamEdit", "");
  const lacking = useMissing("TeamEdit", team.SpaceId ?? "");
  const fixed =
    team.CanChangeRoles === false ? t("The roles of this team come with the server and stay.") : undefined;
  const take = (one: Schema["ScopedUserRole"]) =>
    saving.run(async () => {
      await remove("/api/scopeduserroles/{id}", { path: { id: one.Id ?? "" } });
      stale("other");
    }, t("The role was taken back"));
  return (
    <Section
      title={t("What it was given")}
      about={t("Everybody in the team may do what these roles allow, there.")}
      actions={
        <WhyButton variant="default" onClick={dialog.open} why={fixed ?? lacking}>
          {t("Give a role")}
        </WhyButton>
      }
    >
      <Refused error={saving.error} />
      {given.length === 0 ? (
        <Text c="dimmed">{t("Nothing. Who is in it may do no more than anybody else.")}</Text>
      ) : (
        <ul className={classes.list} aria-label={t("Roles")}>
          {given.map((one) => (
            <li key={one.Id} className={classes.item}>
              <span className={classes.role}>
                <RoleName role={roles.find((role) => role.Id === one.UserRoleId)} id={one.UserRoleId} />
              </span>
              <span className={classes.chip}>
                <b>{t("in")}</b> {one.SpaceId ? (names.get(one.SpaceId) ?? one.SpaceId) : t("the system")}
              </span>
              <Chips one={one} names={names} />
              <span className={classes.end}>
                <TakeBack
                  name={roles.find((role) => role.Id === one.UserRoleId)?.Name ?? one.UserRoleId}
                  why={fixed ?? (one.SpaceId || system ? undefined : missing("TeamEdit"))}
                  onClick={() => void take(one)}
                />
              </span>
            </li>
          ))}
        </ul>
      )}
      {opened && <GiveRoleDialog team={team} roles={roles} onClose={dialog.close} />}
    </Section>
  );
}

function RoleName({ role, id }: { role: Schema["UserRole"] | undefined; id: string }) {
  if (!role) return <>{id}</>;
  return (
    <Anchor component={Link} to={`/configuration/roles/${id}`} inherit>
      {role.Name}
    </Anchor>
  );
}

function TakeBack({ name, why, onClick }: { name: string; why?: string | undefined; onClick: () => void }) {
  if (why)
    return (
      <WhyButton size="compact-sm" variant="default" why={why} aria-label={t("Take back {{name}}", { name })}>
        {t("Take back")}
      </WhyButton>
    );
  return (
    <Button
      size="compact-sm"
      variant="default"
      onClick={onClick}
      aria-label={t("Take back {{name}}", { name })}
    >
      {t("Take back")}
    </Button>
  );
}

const DIMENSIONS = [
  ["project", "ProjectIds"],
  ["project group", "ProjectGroupIds"],
  ["environment", "EnvironmentIds"],
  ["tenant", "TenantIds"],
] as const;

/** A chip for each thing a role is narrowed to. */
function Chips({ one, names }: { one: Schema["ScopedUserRole"]; names: Names }) {
  return (
    <>
      {DIMENSIONS.flatMap(([word, member]) =>
        (one[member] ?? []).map((id) => (
          <span key={id} className={classes.chip}>
            <b>{t(word)}</b> {names.get(id) ?? id}
          </span>
        )),
      )}
    </>
  );
}
