import { Button, PasswordInput, TextInput } from "@mantine/core";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../../api/client";
import { queries } from "../../api/queries";
import { Form } from "../../parts/Form";
import { useSaving } from "../../parts/saving";
import { t } from "../../text";
import { SignInCard } from "./Card";

const route = getRouteApi("/register");
const FIELDS = ["Username", "Password", "InvitationCode", "DisplayName", "EmailAddress"] as const;

/** Where somebody with an invitation becomes a user. */
export function Register() {
  const { code } = route.useSearch();
  const [values, setValues] = useState({
    InvitationCode: code ?? "",
    Username: "",
    DisplayName: "",
    Password: "",
  });
  const saving = useSaving(FIELDS);
  const navigate = useNavigate();
  const submit = async () => {
    const { Username, Password } = values;
    const done = await saving.run(async () => {
      await post("/api/users/register", { body: values });
      await post("/api/users/login", { body: { Username, Password } });
    });
    if (!done) return;
    queries.clear();
    await navigate({ to: "/", replace: true });
  };
  const field = (name: keyof typeof values) => ({
    value: values[name],
    error: saving.errorOf(name),
    onChange: (event: { currentTarget: { value: string } }) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
  });
  return (
    <SignInCard title={t("Join Gurita")}>
      <Form saving={saving} onSend={submit} gap="sm">
        <TextInput label={t("Invitation code")} required withAsterisk={false} {...field("InvitationCode")} />
        <TextInput
          label={t("User name")}
          autoComplete="username"
          required
          withAsterisk={false}
          {...field("Username")}
        />
        <TextInput label={t("Your name, as others see it")} autoComplete="name" {...field("DisplayName")} />
        <PasswordInput
          label={t("Password")}
          autoComplete="new-password"
          required
          withAsterisk={false}
          {...field("Password")}
        />
        <Button type="submit" loading={saving.busy} fullWidth>
          {t("Join")}
        </Button>
      </Form>
    </SignInCard>
  );
}
