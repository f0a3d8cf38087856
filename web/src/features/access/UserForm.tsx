import { PasswordInput, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { put } from "../../api/client";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { useDraft } from "../../parts/draft";
import { Form } from "../../parts/Form";
import { SaveBar } from "../../parts/SaveBar";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { useMissing } from "../../shell/missing";
import { t } from "../../text";

const FIELDS = ["Username", "DisplayName", "EmailAddress", "Password", "IsActive"] as const;
const PLACE = "/api/users/{id}";

/** Name, address and state of an account. One's own page leaves out what only others may change of one. */
export function UserForm({ user, own }: { user: Schema["User"]; own?: boolean }) {
  const { draft, set, dirty, reset, settle, moved } = useDraft(user);
  const [password, setPassword] = useState("");
  const saving = useSaving(FIELDS);
  const lacking = useMissing("UserEdit");
  const why = own || user.IsRequestor ? undefined : lacking;
  const id = user.Id ?? "";
  const { Identities: _, ...plain } = draft;
  const body = password ? { ...plain, Password: password } : plain;
  const save = async () => {
    const done = await saving.run(async () => {
      settle(await put(PLACE, { path: { id }, body }));
      stale("other");
    }, t("Saved"));
    if (done) setPassword("");
  };
  const field = (name: "Username" | "DisplayName" | "EmailAddress") => ({
    value: draft[name] ?? "",
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
    error: saving.errorOf(name),
    readOnly: Boolean(why) || (name === "Username" && Boolean(lacking)),
    autoComplete: "off",
  });
  return (
    <Section title={own ? t("You") : t("Account")}>
      <Form saving={saving} onSend={save} maw="30rem">
        <TextInput label={t("User name")} required {...field("Username")} />
        <TextInput label={t("Display name")} {...field("DisplayName")} />
        <TextInput
          label={t("E-mail")}
          description={t("Where subscriptions are sent to.")}
          {...field("EmailAddress")}
        />
        {!own && !user.IsService && !why && !user.IsRequestor && (
          <PasswordInput
            label={t("New password")}
            description={t("Ends all their sessions. Only for who holds everything they hold.")}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="new-password"
            error={saving.errorOf("Password")}
          />
        )}
        {!own && !user.IsRequestor && (
          <Switch
            label={t("Active")}
            description={t("Off: cannot sign in, its keys do nothing, and its sessions end at once.")}
            checked={draft.IsActive ?? true}
            onChange={(event) => set({ IsActive: event.currentTarget.checked })}
            disabled={Boolean(why)}
          />
        )}
        <SaveBar
          dirty={dirty || password !== ""}
          busy={saving.busy}
          why={why}
          moved={moved}
          onReset={() => {
            setPassword("");
            reset();
          }}
          request={() => ({ method: "PUT", template: PLACE, path: { id }, body: plain })}
        />
      </Form>
    </Section>
  );
}
