import { Button, Card, Center, Divider, PasswordInput, Stack, TextInput, Title } from "@mantine/core";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { post } from "../../api/client";
import { base } from "../../api/place";
import { queries, useSuspenseQuery } from "../../api/queries";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { t } from "../../text";
import { safeNext } from "./returning";
import { ways } from "./routes";

const route = getRouteApi("/sign-in");

/** The page for signing in: by password, or by one of the configured providers. */
export function SignIn() {
  const { AuthenticationProviders } = useSuspenseQuery(ways()).data;
  const next = safeNext(route.useSearch().next);
  useEffect(() => {
    document.title = `${t("Sign in")} · Gurita`;
  }, []);
  return (
    <Center component="main" mih="100vh" p="md">
      <Card withBorder padding="xl" w="100%" maw="24rem" bg="var(--surface)">
        <Stack>
          <Stack align="center" gap="xs">
            <img src={`${base}/app/icon.svg`} alt="" width="56" height="56" />
            <Title order={1} size="h3">
              {t("Sign in to Gurita")}
            </Title>
          </Stack>
          {AuthenticationProviders.some((each) => each.FormsLoginEnabled) && <PasswordForm next={next} />}
        </Stack>
      </Card>
    </Center>
  );
}

function PasswordForm({ next }: { next: string }) {
  const [Username, setUsername] = useState("");
  const [Password, setPassword] = useState("");
  const saving = useSaving();
  const navigate = useNavigate();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const done = await saving.run(() => post("/api/users/login", { body: { Username, Password } }));
    if (!done) return setPassword("");
    queries.clear();
    await navigate({ to: next, replace: true });
  };
  return (
    <Stack component="form" onSubmit={submit} gap="sm">
      <Refused sentences={saving.others} />
      <TextInput
        label={t("User name")}
        autoComplete="username"
        required
        withAsterisk={false}
        data-autofocus
        value={Username}
        onChange={(event) => setUsername(event.currentTarget.value)}
      />
      <PasswordInput
        label={t("Password")}
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={Password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" loading={saving.busy} fullWidth>
        {t("Sign in")}
      </Button>
      <Divider display="none" />
    </Stack>
  );
}
