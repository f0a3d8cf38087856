import { PasswordInput, SegmentedControl, Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../../api/client";
import { stale } from "../../api/queries";
import { Dialog } from "../../parts/Dialog";
import { Form } from "../../parts/Form";
import { FormEnd } from "../../parts/FormEnd";
import { useSaving } from "../../parts/saving";
import { t } from "../../text";

const FIELDS = ["Username", "DisplayName", "EmailAddress", "Password"] as const;
const FRESH = { Username: "", DisplayName: "", EmailAddress: "", Password: "", IsService: false };

/** Makes a person with a password, or a service account. */
export function NewUserDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [user, setUser] = useState(FRESH);
  const saving = useSaving(FIELDS);
  const navigate = useNavigate();
  const set = (change: Partial<typeof FRESH>) => setUser((before) => ({ ...before, ...change }));
  const body = { ...user, Password: user.IsService || !user.Password ? null : user.Password };
  const make = async () => {
    let id = "";
    const done = await saving.run(
      async () => {
        id = (await post("/api/users", { body })).Id ?? "";
        stale("other");
      },
      t("{{name}} was added", { name: user.DisplayName || user.Username }),
    );
    if (!done) return;
    setUser(FRESH);
    onClose();
    await navigate({ to: `/configuration/users/${id}` });
  };
  const field = (name: "Username" | "DisplayName" | "EmailAddress") => ({
    value: user[name],
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
    error: saving.errorOf(name),
    autoComplete: "off",
  });
  return (
    <Dialog opened={opened} onClose={onClose} title={t("Add a user")}>
      <Form saving={saving} onSend={make}>
        <SegmentedControl
          fullWidth
          aria-label={t("Kind")}
          data={[
            { value: "person", label: t("Person") },
            { value: "service", label: t("Service account") },
          ]}
          value={user.IsService ? "service" : "person"}
          onChange={(value) => set({ IsService: value === "service" })}
        />
        <Text fz="sm" c="dimmed">
          {user.IsService
            ? t("A program. It never signs in with a password: it uses API keys, or tokens of a pipeline.")
            : t("Somebody with a password of this server. Who signs in with a company account needs none.")}
        </Text>
        <TextInput label={t("User name")} required data-autofocus {...field("Username")} />
        <TextInput label={t("Display name")} {...field("DisplayName")} />
        {!user.IsService && (
          <>
            <TextInput label={t("E-mail")} {...field("EmailAddress")} />
            <PasswordInput
              label={t("Password")}
              description={t("At least 8 characters, and none of those that are guessed first.")}
              value={user.Password}
              onChange={(event) => set({ Password: event.currentTarget.value })}
              autoComplete="new-password"
              error={saving.errorOf("Password")}
            />
          </>
        )}
        <FormEnd
          action={user.IsService ? t("Add the service account") : t("Add the user")}
          busy={saving.busy}
          why={user.Username ? undefined : t("A user name is needed.")}
          request={() => ({
            method: "POST",
            template: "/api/users",
            body: { ...body, Password: body.Password ? "…" : undefined },
          })}
        />
      </Form>
    </Dialog>
  );
}
