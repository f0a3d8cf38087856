import { Alert, Group, NumberInput, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { post, put } from "../../api/client";
import { reading, stale, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { useDraft } from "../../parts/draft";
import { Form } from "../../parts/Form";
import { Refused } from "../../parts/Refused";
import { SaveBar } from "../../parts/SaveBar";
import { SecretInput } from "../../parts/SecretInput";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { useMissing } from "../../shell/missing";
import { useMe } from "../../shell/session";
import { t } from "../../text";

const PLACE = "/api/smtpconfiguration";
const FIELDS = [
  "SmtpHost",
  "SmtpPort",
  "SendEmailFrom",
  "EnableSsl",
  "SmtpLogin",
  "SmtpPassword",
  "Timeout",
] as const;

/** How e-mail is sent, and a message that tries it. */
export function Mail() {
  const { data, error } = useQuery(reading("other", PLACE));
  if (error && !data) return <Refused error={error} />;
  if (!data) return null;
  return (
    <>
      <MailForm mail={data} />
      <TestMail configured={Boolean(data.SmtpHost)} />
    </>
  );
}

function MailForm({ mail }: { mail: Schema["SmtpConfiguration"] }) {
  const { draft, set, dirty, reset, settle, moved } = useDraft(mail);
  const saving = useSaving(FIELDS);
  const why = useMissing("ConfigureServer");
  const save = async () => {
    await saving.run(async () => {
      settle(await put(PLACE, { body: draft }));
      stale("other");
    }, t("Saved"));
  };
  const text = (name: "SmtpHost" | "SendEmailFrom" | "SmtpLogin") => ({
    value: draft[name] ?? "",
    onChange: (event: { currentTarget: { value: string } }) =>
      set({ [name]: event.currentTarget.value || null }),
    error: saving.errorOf(name),
    readOnly: Boolean(why),
    autoComplete: "off",
  });
  return (
    <Section
      title={t("Mail server")}
      about={t("Subscriptions send their digests by it. Without a host no e-mail is sent.")}
    >
      <Form saving={saving} onSend={save} maw="36rem">
        <Group grow preventGrowOverflow={false} align="flex-start">
          <TextInput label={t("Host")} placeholder="mail.example.com" {...text("SmtpHost")} />
          <NumberInput
            label={t("Port")}
            min={1}
            max={65535}
            value={draft.SmtpPort ?? 25}
            onChange={(value) => set({ SmtpPort: Number(value) || 25 })}
            error={saving.errorOf("SmtpPort")}
            readOnly={Boolean(why)}
          />
        </Group>
        <TextInput label={t("From")} placeholder="Gurita <gurita@example.com>" {...text("SendEmailFrom")} />
        <Switch
          label={t("Encrypt the connection")}
          description={t(
            "From the start on port 465, else by STARTTLS, or not at all. Off: all of it travels in the clear.",
          )}
          checked={draft.EnableSsl ?? false}
          onChange={(event) => set({ EnableSsl: event.currentTarget.checked })}
          disabled={Boolean(why)}
        />
        <TextInput label={t("User name")} {...text("SmtpLogin")} />
        <SecretInput
          label={t("Password")}
          description={t("Has to be entered again when the host changes.")}
          value={draft.SmtpPassword}
          onChange={(SmtpPassword) => set({ SmtpPassword })}
          error={saving.errorOf("SmtpPassword")}
          readOnly={Boolean(why)}
        />
        <NumberInput
          label={t("Patience (milliseconds)")}
          description={t("How long each step of sending may take.")}
          min={1000}
          max={120000}
          step={1000}
          value={draft.Timeout ?? 12000}
          onChange={(value) => set({ Timeout: Number(value) || 12000 })}
          error={saving.errorOf("Timeout")}
          readOnly={Boolean(why)}
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
            body: {
              ...draft,
              SmtpPassword: { HasValue: draft.SmtpPassword?.HasValue ?? false },
              Links: undefined,
            },
          })}
        />
      </Form>
    </Section>
  );
}

function TestMail({ configured }: { configured: boolean }) {
  const [to, setTo] = useState(useMe().EmailAddress ?? "");
  const [result, setResult] = useState<Schema["SmtpTestResult"]>();
  const saving = useSaving(["EmailAddress"]);
  const why = useMissing("ConfigureServer");
  const send = () =>
    saving.run(async () =>
      setResult(await post("/api/smtpconfiguration/test", { body: { EmailAddress: to } })),
    );
  return (
    <Section
      title={t("Test")}
      about={t("Sends a message with what is saved above, and tells what went wrong.")}
    >
      <Refused sentences={saving.others} />
      <Group align="flex-end" gap="xs">
        <TextInput
          label={t("To")}
          type="email"
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
          error={saving.errorOf("EmailAddress")}
        />
        <WhyButton
          variant="default"
          loading={saving.busy}
          onClick={() => void send()}
          why={why ?? (configured ? undefined : t("Say which mail server there is, and save it."))}
        >
          {t("Send a test message")}
        </WhyButton>
      </Group>
      {result && (
        <Alert
          role="status"
          color={result.IsSuccessful ? "green" : "red"}
          title={result.IsSuccessful ? t("The mail server took it") : t("It was not sent")}
          styles={{
            title: { color: result.IsSuccessful ? "var(--state-success)" : "var(--state-failed)" },
            message: { color: "var(--mantine-color-text)" },
          }}
        >
          {result.Message}
        </Alert>
      )}
    </Section>
  );
}
