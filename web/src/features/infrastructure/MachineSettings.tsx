import { Select, Text, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { put, remove } from "../../api/client";
import { stale, useQuery } from "../../api/queries";
import { Destroy } from "../../parts/Destroy";
import { useDraft } from "../../parts/draft";
import { Form } from "../../parts/Form";
import { choicesOf } from "../../parts/PickMany";
import { SaveBar } from "../../parts/SaveBar";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { useMay } from "../../shell/session";
import { t } from "../../text";
import type { Becomes } from "./adding";
import { EndpointFields } from "./EndpointFields";
import { PlaceFields } from "./PlaceFields";
import { type AnyMachine, infrastructure, pathOf, policiesReading } from "./reads";

interface Props {
  spaceId: string;
  becomes: Becomes;
  machine: AnyMachine;
  may: boolean;
}

const FIELDS = [
  "Name",
  "Description",
  "EnvironmentIds",
  "Roles",
  "WorkerPoolIds",
  "MachinePolicyId",
  "Endpoint.Host",
  "Endpoint.Port",
  "Endpoint.AccountId",
  "Endpoint.Fingerprint",
  "Endpoint.Uri",
  "Endpoint.Thumbprint",
  "Endpoint.ProxyId",
];

/** What of a machine may be changed, and its end. */
export function MachineSettings({ spaceId, becomes, machine, may }: Props) {
  const { draft, set, dirty, reset, settle, moved } = useDraft(machine);
  const saving = useSaving(FIELDS);
  const policies = useQuery(policiesReading(spaceId)).data;
  const path = { spaceId, id: machine.Id };
  const submit = async () => {
    await saving.run(
      async () => settle(await put(pathOf(becomes, "/{id}"), { path, body: bodyOf(draft) as never })),
      t("{{name}} was saved", { name: draft.Name }),
    );
    stale("machine", "environment", "other");
  };
  const text = textFields(draft, set, saving, !may);
  return (
    <>
      <Section title={t("Settings")}>
        <Form saving={saving} onSend={submit} gap="sm" maw="40rem">
          <TextInput label={t("Name")} {...text("Name")} />
          <Textarea label={t("Description")} autosize minRows={1} {...text("Description")} />
          <PlaceFields
            spaceId={spaceId}
            becomes={becomes}
            value={{
              environments: draft.EnvironmentIds ?? [],
              tags: draft.Roles ?? [],
              pools: draft.WorkerPoolIds ?? [],
            }}
            onChange={({ environments, tags, pools }) =>
              set({
                ...(environments ? { EnvironmentIds: [...environments] } : {}),
                ...(tags ? { Roles: [...tags] } : {}),
                ...(pools ? { WorkerPoolIds: [...pools] } : {}),
              })
            }
            errorOf={saving.errorOf}
            readOnly={!may}
          />
          <Select
            label={t("Policy")}
            description={t("When it is checked, and how patient the server is with it.")}
            data={choicesOf(policies)}
            value={draft.MachinePolicyId}
            onChange={(MachinePolicyId) => MachinePolicyId && set({ MachinePolicyId })}
            error={saving.errorOf("MachinePolicyId")}
            readOnly={!may}
            allowDeselect={false}
          />
          <EndpointFields
            spaceId={spaceId}
            value={draft.Endpoint}
            onChange={(Endpoint) => set({ Endpoint })}
            errorOf={saving.errorOf}
            readOnly={!may}
          />
          {may && (
            <SaveBar
              dirty={dirty}
              busy={saving.busy}
              onReset={reset}
              moved={moved}
              request={() => ({
                method: "PUT",
                template: pathOf(becomes, "/{id}"),
                path,
                body: bodyOf(draft),
              })}
            />
          )}
        </Form>
      </Section>
      <End spaceId={spaceId} becomes={becomes} machine={machine} />
    </>
  );
}

/** The machine to be saved. What is derived from its endpoint is left to the server. */
function bodyOf(draft: AnyMachine) {
  const { Uri, Thumbprint, ...rest } = draft;
  return draft.Endpoint.CommunicationStyle === "None" ? draft : rest;
}

function End({ spaceId, becomes, machine }: Omit<Props, "may">) {
  const navigate = useNavigate();
  const may = useMay(becomes === "machines" ? "MachineDelete" : "WorkerEdit", spaceId) !== false;
  if (!may) return null;
  return (
    <Section title={t("Delete")}>
      <Text fz="sm" maw="46rem">
        {t("The server forgets the machine. Its agent and what was deployed there stay where they are.")}
      </Text>
      <div>
        <Destroy
          action={t("Delete {{name}}", { name: machine.Name })}
          name={machine.Name}
          effect={t(
            "The server forgets this machine and what its checks found. What was deployed there stays there.",
          )}
          onConfirm={async () => {
            await remove(pathOf(becomes, "/{id}"), { path: { spaceId, id: machine.Id } });
            await navigate({ to: infrastructure(spaceId, becomes), replace: true });
            stale("machine", "environment", "other");
          }}
        />
      </div>
    </Section>
  );
}
