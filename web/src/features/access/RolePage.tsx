import { Alert, Button, Stack, Textarea, TextInput } from "@mantine/core";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { post, put, remove } from "../../api/client";
import { reading, stale, useQuery, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { useEditing } from "../../parts/editing";
import { Form } from "../../parts/Form";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Refused } from "../../parts/Refused";
import { SaveBar } from "../../parts/SaveBar";
import { Section } from "../../parts/Section";
import { textFields } from "../../parts/textFields";
import { WhyButton } from "../../parts/WhyButton";
import { useMissing } from "../../shell/missing";
import { t } from "../../text";
import { PermissionPicker } from "./PermissionPicker";

const PLACE = "/api/userroles/{id}";
const FRESH = { Name: "", Description: "", GrantedSpacePermissions: [], GrantedSystemPermissions: [] };

type Role = Partial<Schema["UserRole"]> & { Name: string };

/** A role: its permissions, or a new one, empty or as a copy. */
export function RolePage() {
  const { role: id = "" } = useParams({ strict: false }) as { role?: string };
  const { from } = useSearch({ strict: false }) as { from?: string };
  const wanted = id === "new" ? (from ?? "") : id;
  const { data, error } = useQuery({
    ...reading("other", PLACE, { path: { id: wanted } }),
    enabled: Boolean(wanted),
  });
  if (error && !data) return <Refused error={error} />;
  if (wanted && !data) return <Loading />;
  if (id !== "new") return data ? <RoleEditor key={id} role={data} /> : null;
  const copied: Role = data
    ? {
        Name: t("Copy of {{name}}", { name: data.Name }),
        Description: data.Description ?? "",
        GrantedSpacePermissions: data.GrantedSpacePermissions ?? [],
        GrantedSystemPermissions: data.GrantedSystemPermissions ?? [],
      }
    : FRESH;
  return <RoleEditor key={`new${from ?? ""}`} role={copied} />;
}

const FIELDS = ["Name", "Description", "GrantedSpacePermissions", "GrantedSystemPermissions"];

function RoleEditor({ role }: { role: Role }) {
  const { draft, set, dirty, reset, moved, saving, save, isNew } = useEditing(role, FIELDS, {
    make: (body) => post("/api/userroles", { body }),
    change: (id, body) => put(PLACE, { path: { id }, body }),
    pageOf: (id) => `/configuration/roles/${id}`,
  });
  const all = useSuspenseQuery(reading("other", "/api/permissions/all")).data;
  const lacking = useMissing("UserRoleEdit");
  const builtIn = role.CanBeDeleted === false;
  const why =
    lacking ?? (builtIn ? t("This role comes with the server. Make a copy to change it.") : undefined);
  const text = textFields(draft, set, saving, Boolean(why));
  return (
    <Page
      title={isNew ? t("New role") : role.Name}
      crumbs={[{ text: t("Roles"), to: "/configuration/roles" }]}
      about={builtIn ? t("Built in") : undefined}
      actions={!isNew && <Actions role={role} lacking={lacking} builtIn={builtIn} />}
    >
      {builtIn && !lacking && (
        <Alert role="status" color="gray">
          {t("This role comes with the server and gets new permissions with it. To change it, make a copy.")}
        </Alert>
      )}
      <Form saving={saving} onSend={save}>
        <Section title={t("Role")}>
          <Stack maw="34rem">
            <TextInput label={t("Name")} required {...text("Name")} />
            <Textarea label={t("Description")} autosize {...text("Description")} />
          </Stack>
        </Section>
        <PermissionPicker
          all={all}
          space={draft.GrantedSpacePermissions ?? []}
          system={draft.GrantedSystemPermissions ?? []}
          onChange={(space, system) =>
            set({ GrantedSpacePermissions: space, GrantedSystemPermissions: system })
          }
          readOnly={Boolean(why)}
        />
        <SaveBar
          dirty={dirty}
          fresh={isNew}
          busy={saving.busy}
          why={why}
          onReset={reset}
          moved={moved}
          action={isNew ? t("Add the role") : t("Save")}
          request={() => ({
            method: isNew ? "POST" : "PUT",
            template: isNew ? "/api/userroles" : PLACE,
            path: { id: role.Id ?? "" },
            body: {
              Name: draft.Name,
              Description: draft.Description,
              GrantedSpacePermissions: draft.GrantedSpacePermissions,
              GrantedSystemPermissions: draft.GrantedSystemPermissions,
            },
          })}
        />
      </Form>
    </Page>
  );
}

function Actions({ role, lacking, builtIn }: { role: Role; lacking: string | undefined; builtIn: boolean }) {
  const navigate = useNavigate();
  const drop = async () => {
    await remove(PLACE, { path: { id: role.Id ?? "" } });
    stale("other");
    await navigate({ to: "/configuration/roles" });
  };
  return (
    <>
      {lacking ? (
        <WhyButton variant="default" why={lacking}>
          {t("Make a copy")}
        </WhyButton>
      ) : (
        <Button
          variant="default"
          component={Link}
          to="/configuration/roles/new"
          search={{ from: role.Id } as never}
        >
          {t("Make a copy")}
        </Button>
      )}
      {!builtIn && (
        <Destroy
          action={t("Delete the role")}
          name={role.Name}
          effect={t("Teams that were given it lose what it allows.")}
          onConfirm={drop}
          why={lacking}
        />
      )}
    </>
  );
}
