import { Select, Switch, Text, TextInput } from "@mantine/core";
import { put } from "../../api/client";
import { reading, stale, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { useDraft } from "../../parts/draft";
import { Form } from "../../parts/Form";
import { Refused } from "../../parts/Refused";
import { SaveBar } from "../../parts/SaveBar";
import { SecretInput } from "../../parts/SecretInput";
import { Section } from "../../parts/Section";
import { StateMark } from "../../parts/StateMark";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { When } from "../../parts/When";
import { useMissing } from "../../shell/missing";
import { number, t } from "../../text";

const PLACE = "/api/audit-stream";
const FIELDS = ["FileName", "Url", "Secret", "Addresses", "StreamType", "IsEnabled"] as const;

/** Where sealed events are sent. */
export function Stream() {
  const { data, error } = useQuery(reading("other", PLACE));
  return (
    <Section
      title={t("Sending on")}
      about={t(
        "Sealed events go in order, at least once, to a file or to an address that takes POST requests.",
      )}
    >
      <Refused error={error} />
      {data && <StreamForm stream={data} />}
    </Section>
  );
}

function StreamForm({ stream }: { stream: Schema["AuditStream"] }) {
  const { draft, set, dirty, reset, settle, moved } = useDraft(stream);
  const saving = useSaving(FIELDS);
  const why = useMissing("ConfigureServer");
  const save = async () => {
    await saving.run(async () => {
      settle(await put(PLACE, { body: draft }));
      stale("other");
    }, t("Saved"));
  };
  const text = textFields(draft, set, saving);
  return (
    <Form saving={saving} onSend={save} maw="34rem">
      {stream.IsEnabled && stream.Status && <Progress status={stream.Status} />}
      <Switch
        label={t("Send events on")}
        checked={draft.IsEnabled ?? false}
        onChange={(event) => set({ IsEnabled: event.currentTarget.checked })}
      />
      <Select
        label={t("Where to")}
        data={[
          { value: "File", label: t("A file in the node's data folder") },
          { value: "Http", label: t("An address that takes POST requests") },
        ]}
        value={draft.StreamType ?? "File"}
        onChange={(value) => set({ StreamType: value === "Http" ? "Http" : "File" })}
        allowDeselect={false}
      />
      {draft.StreamType === "Http" ? <Receiver draft={draft} set={set} saving={saving} /> : null}
      {draft.StreamType !== "Http" && (
        <TextInput
          label={t("File")}
          description={t(
            "In the folder “audit” of the data folder of whichever node delivers. It may be moved away at any moment.",
          )}
          {...text("FileName")}
        />
      )}
      <Switch
        label={t("Begin with the first event there is")}
        description={t("Otherwise with what happens from now on.")}
        checked={draft.FromBeginning ?? false}
        onChange={(event) => set({ FromBeginning: event.currentTarget.checked })}
      />
      <SaveBar
        dirty={dirty}
        busy={saving.busy}
        why={why}
        onReset={reset}
        moved={moved}
        request={() => ({
          method: "PUT",
          template: PLACE,
          body: { ...draft, Status: undefined, Links: undefined, Secret: undefined },
        })}
      />
    </Form>
  );
}

interface ReceiverProps {
  draft: Schema["AuditStream"];
  set: (change: Partial<Schema["AuditStream"]>) => void;
  saving: ReturnType<typeof useSaving>;
}

function Receiver({ draft, set, saving }: ReceiverProps) {
  return (
    <>
      <TextInput
        label={t("Address")}
        placeholder="https://siem.example.com/gurita"
        {...textFields(draft, set, saving)("Url")}
      />
      <SecretInput
        label={t("Secret")}
        description={t("Signs each delivery (HMAC-SHA-256), so that the receiver knows it is genuine.")}
        value={draft.Secret}
        onChange={(Secret) => set({ Secret })}
        error={saving.errorOf("Secret")}
      />
      <Select
        label={t("Where the address may lead")}
        data={[
          { value: "Public", label: t("Public addresses only") },
          { value: "Neighbours", label: t("Private networks, too") },
          { value: "Any", label: t("This machine, too") },
        ]}
        value={draft.Addresses ?? "Public"}
        onChange={(value) => set({ Addresses: (value ?? "Public") as Schema["AuditStream"]["Addresses"] })}
        allowDeselect={false}
        error={saving.errorOf("Addresses")}
      />
    </>
  );
}

function Progress({ status }: { status: Schema["StreamStatus"] }) {
  const failing = (status.Failures ?? 0) > 0;
  return (
    <Text component="div" fz="sm">
      <StateMark state={failing ? "failed" : "success"} word={failing ? "Failing" : "Delivering"} />{" "}
      {t("{{n}} events delivered", { n: number(status.DeliveredEvents ?? 0) })}
      {status.Behind ? `, ${t("{{n}} behind", { n: number(status.Behind) })}` : ""}
      {status.LastDelivered && (
        <>
          , <When at={status.LastDelivered} />
        </>
      )}
      {failing && <Text c="var(--state-failed)">{status.LastError}</Text>}
    </Text>
  );
}
