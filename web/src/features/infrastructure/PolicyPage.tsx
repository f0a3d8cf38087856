import { NumberInput, Radio, SimpleGrid, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import { post, put, remove } from "../../api/client";
import { reading, stale, useQuery, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { useDraft } from "../../parts/draft";
import { Form } from "../../parts/Form";
import { Page } from "../../parts/Page";
import { SaveBar } from "../../parts/SaveBar";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { MachineTable } from "./MachineTable";
import { infrastructure, machinesReading } from "./reads";
import { SpanInput } from "./SpanInput";

type Policy = Schema["MachinePolicy"];

const FIELDS = [
  "Name",
  "Description",
  "MachineHealthCheckPolicy.HealthCheckInterval",
  "MachineRpcCallRetryPolicy.RetryDuration",
  "ConnectionConnectTimeout",
  "ConnectionRetryCountLimit",
  "ConnectionRetrySleepInterval",
  "ConnectionRetryTimeLimit",
  "PollingRequestQueueTimeout",
  "MachinePackageCacheRetentionPolicy.QuantityOfVersionsToKeep",
];

/** A machine policy, or a new one from the server's template. */
export function PolicyPage() {
  const spaceId = useSpaceId();
  const { policy: id = "" } = useParams({ strict: false });
  const fresh = id === "new";
  const told = fresh
    ? reading("other", "/api/{spaceId}/machinepolicies/template", { path: { spaceId } })
    : reading("other", "/api/{spaceId}/machinepolicies/{id}", { path: { spaceId, id } });
  const policy: Policy = useSuspenseQuery(
    told as ReturnType<typeof reading<"/api/{spaceId}/machinepolicies/{id}">>,
  ).data;
  const navigate = useNavigate();
  const mayDelete = useMay("MachinePolicyDelete", spaceId) !== false;
  const list = infrastructure(spaceId, "policies");
  return (
    <Page
      title={fresh ? t("New machine policy") : policy.Name}
      crumbs={[{ text: t("Machine policies"), to: list }]}
      actions={
        !fresh &&
        mayDelete && (
          <Destroy
            action={t("Delete {{name}}", { name: policy.Name })}
            name={policy.Name}
            effect={t("Machines that follow it keep it from being deleted; the refusal names them.")}
            why={
              policy.IsDefault ? t("It is the default policy. Make another the default first.") : undefined
            }
            onConfirm={async () => {
              await remove("/api/{spaceId}/machinepolicies/{id}", { path: { spaceId, id: policy.Id } });
              await navigate({ to: list, replace: true });
              stale("other");
            }}
          />
        )
      }
    >
      <PolicyForm key={id} spaceId={spaceId} policy={policy} fresh={fresh} />
      {!fresh && <Followers spaceId={spaceId} id={policy.Id} />}
    </Page>
  );
}

function PolicyForm({ spaceId, policy, fresh }: { spaceId: string; policy: Policy; fresh: boolean }) {
  const { draft, set, dirty, reset, settle, moved } = useDraft(policy);
  const saving = useSaving(FIELDS);
  const navigate = useNavigate();
  const may = useMay(fresh ? "MachinePolicyCreate" : "MachinePolicyEdit", spaceId) !== false;
  const submit = async () => {
    await saving.run(
      async () => {
        const path = { spaceId, id: policy.Id };
        if (!fresh) return settle(await put("/api/{spaceId}/machinepolicies/{id}", { path, body: draft }));
        const made = await post("/api/{spaceId}/machinepolicies", { path: { spaceId }, body: draft });
        return navigate({ to: infrastructure(spaceId, `policies/${made.Id}`), replace: true });
      },
      t("{{name}} was saved", { name: draft.Name }),
    );
    stale("other");
  };
  const part = { draft, set, errorOf: saving.errorOf, readOnly: !may };
  return (
    <Form saving={saving} onSend={submit}>
      <Named {...part} wasDefault={policy.IsDefault} />
      <Checks {...part} />
      <Connecting {...part} />
      {may && (
        <SaveBar
          dirty={dirty}
          busy={saving.busy}
          onReset={reset}
          moved={moved}
          {...(fresh ? { action: t("Add policy") } : {})}
          request={() => ({
            method: fresh ? "POST" : "PUT",
            template: fresh ? "/api/{spaceId}/machinepolicies" : "/api/{spaceId}/machinepolicies/{id}",
            path: { spaceId, ...(fresh ? {} : { id: policy.Id }) },
            body: draft,
          })}
        />
      )}
    </Form>
  );
}

interface PartProps {
  draft: Policy;
  set: (change: Partial<Policy>) => void;
  errorOf: (field: string) => string | undefined;
  readOnly: boolean;
}

function Named({ draft, set, errorOf, readOnly, wasDefault }: PartProps & { wasDefault: boolean }) {
  return (
    <Section title={t("Name")}>
      <TextInput
        label={t("Name")}
        value={draft.Name}
        onChange={(event) => set({ Name: event.currentTarget.value })}
        error={errorOf("Name")}
        readOnly={readOnly}
      />
      <Textarea
        label={t("Description")}
        autosize
        minRows={1}
        value={draft.Description ?? ""}
        onChange={(event) => set({ Description: event.currentTarget.value })}
        error={errorOf("Description")}
        readOnly={readOnly}
      />
      <Switch
        label={t("Default policy")}
        description={t("New machines follow it unless they say otherwise. There is always exactly one.")}
        checked={draft.IsDefault}
        disabled={readOnly || wasDefault}
        onChange={(event) => set({ IsDefault: event.currentTarget.checked })}
      />
    </Section>
  );
}

function Checks({ draft, set, errorOf, readOnly }: PartProps) {
  const check = draft.MachineHealthCheckPolicy;
  return (
    <Section title={t("Health checks")}>
      <SpanInput
        label={t("Check every")}
        description={t("0 means never by itself; a check can be asked for at any time.")}
        value={check?.HealthCheckInterval}
        onChange={(HealthCheckInterval) =>
          set({ MachineHealthCheckPolicy: { ...check, HealthCheckInterval } as Schema["HealthCheck"] })
        }
        error={errorOf("MachineHealthCheckPolicy.HealthCheckInterval")}
        readOnly={readOnly}
      />
      <Radio.Group
        label={t("When a machine is away")}
        value={draft.MachineConnectivityPolicy?.MachineConnectivityBehavior ?? "ExpectedToBeOnline"}
        onChange={(value) =>
          set({ MachineConnectivityPolicy: { MachineConnectivityBehavior: value } as Schema["Connectivity"] })
        }
      >
        <Stack gap="xs" mt="xs">
          <Radio
            value="ExpectedToBeOnline"
            label={t("It fails the check")}
            description={t("For servers that should always be there.")}
            disabled={readOnly}
          />
          <Radio
            value="MayBeOfflineAndCanBeSkipped"
            label={t("It may be away")}
            description={t("The check goes on without it: for laptops, tills, ships.")}
            disabled={readOnly}
          />
        </Stack>
      </Radio.Group>
    </Section>
  );
}

function Connecting({ draft, set, errorOf, readOnly }: PartProps) {
  const retry = draft.MachineRpcCallRetryPolicy;
  const keep = draft.MachinePackageCacheRetentionPolicy;
  const span = (name: keyof Policy & string, label: string, description: string) => (
    <SpanInput
      label={label}
      description={description}
      value={String(draft[name] ?? "")}
      onChange={(text) => set({ [name]: text } as Partial<Policy>)}
      error={errorOf(name)}
      readOnly={readOnly}
    />
  );
  return (
    <Section
      title={t("Connecting")}
      about={t(
        "Work that was begun on a machine is pursued for ten minutes whatever stands here: nobody else can tell what became of it.",
      )}
    >
      <Switch
        label={t("Try again when a connection fails")}
        checked={retry?.Enabled ?? true}
        disabled={readOnly}
        onChange={(event) =>
          set({
            MachineRpcCallRetryPolicy: { ...retry, Enabled: event.currentTarget.checked } as Schema["Retry"],
          })
        }
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {retry?.Enabled !== false ? (
          <SpanInput
            label={t("Try again for")}
            description={t("Until then the task waits for the machine.")}
            value={retry?.RetryDuration}
            onChange={(RetryDuration) =>
              set({ MachineRpcCallRetryPolicy: { ...retry, RetryDuration } as Schema["Retry"] })
            }
            error={errorOf("MachineRpcCallRetryPolicy.RetryDuration")}
            readOnly={readOnly}
          />
        ) : (
          <>
            <NumberInput
              label={t("Attempts")}
              min={0}
              max={1000}
              value={draft.ConnectionRetryCountLimit}
              onChange={(value) => set({ ConnectionRetryCountLimit: Number(value) })}
              error={errorOf("ConnectionRetryCountLimit")}
              readOnly={readOnly}
            />
            {span("ConnectionRetryTimeLimit", t("All attempts together"), t("At most this long."))}
          </>
        )}
        {span("ConnectionConnectTimeout", t("One attempt"), t("After this it counts as failed."))}
        {span(
          "ConnectionRetrySleepInterval",
          t("Pause between two attempts"),
          t("At least; pauses double up to 10 s."),
        )}
        {span(
          "PollingRequestQueueTimeout",
          t("Wait for an agent that dials in"),
          t("How long one that is away is waited for."),
        )}
        <NumberInput
          label={t("Package versions a machine keeps")}
          description={t("Of each package. 0 keeps what the free space allows.")}
          min={0}
          max={1000}
          value={keep?.Strategy === "Quantities" ? (keep.QuantityOfVersionsToKeep ?? 0) : 0}
          onChange={(value) =>
            set({
              MachinePackageCacheRetentionPolicy: {
                ...keep,
                Strategy: Number(value) ? "Quantities" : "Default",
                QuantityOfVersionsToKeep: Number(value) || null,
              } as Schema["PackageCacheRetention"],
            })
          }
          error={errorOf("MachinePackageCacheRetentionPolicy.QuantityOfVersionsToKeep")}
          readOnly={readOnly}
        />
      </SimpleGrid>
    </Section>
  );
}

function Followers({ spaceId, id }: { spaceId: string; id: string }) {
  const targets = useQuery(machinesReading(spaceId, "machines", { take: 100 }, id)).data;
  const workers = useQuery(machinesReading(spaceId, "workers", { take: 100 }, id)).data;
  if (!targets || !workers) return null;
  return (
    <Section title={t("Machines that follow it")}>
      {targets.Items.length + workers.Items.length === 0 && <Text c="dimmed">{t("None does.")}</Text>}
      {targets.Items.length > 0 && (
        <MachineTable spaceId={spaceId} becomes="machines" items={targets.Items} />
      )}
      {workers.Items.length > 0 && <MachineTable spaceId={spaceId} becomes="workers" items={workers.Items} />}
    </Section>
  );
}
