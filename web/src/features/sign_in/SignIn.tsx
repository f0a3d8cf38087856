import { Button, Divider, PasswordInput, TextInput } from "@mantine/core";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { post } from "../../api/client";
import { queries, useSuspenseQuery } from "../../api/queries";
import { Form } from "../../parts/Form";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { addressElsewhere, sorted, ways } from "../../shell/ways";
import { type Message, t } from "../../text";
import { SignInCard } from "./Card";
import { safeNext } from "./returning";

const TROUBLES: Record<string, Message> = {
  again: "That sign-in was too old, was finished before, or was begun in another browser. Begin again.",
  "not-admitted": "The provider knows you, but you may not enter here. Ask an administrator to add you.",
  provider:
    "The provider could not be asked, or its answer could not be believed. Try again, or sign in another way.",
  wait: "There were too many attempts. Wait a minute and try again.",
};

const route = getRouteApi("/sign-in");

/** The page for signing in: by password, with one of the configured providers, or as the guest. */
export function SignIn() {
  const { AuthenticationProviders, AutoLoginEnabled } = useSuspenseQuery(ways()).data;
  const search = route.useSearch();
  const next = safeNext(search.next);
  const { form, elsewhere, guest } = sorted(AuthenticationProviders);
  const [only] = elsewhere;
  const sent = AutoLoginEnabled && !search.stay && only && elsewhere.length === 1;
  useEffect(() => {
    if (sent) window.location.replace(addressElsewhere(only, next));
  }, [sent, only, next]);
  return (
    <SignInCard title={t("Sign in to Gurita")}>
      {search.trouble && <Refused sentences={[t(TROUBLES[search.trouble] ?? TROUBLES.again ?? "")]} />}
      {elsewhere.map((provider, at) => (
        <Button
          key={provider.Name}
          component="a"
          href={addressElsewhere(provider, next)}
          variant={form || at > 0 ? "default" : "filled"}
          fullWidth
        >
          {t("Sign in with {{name}}", { name: provider.Name })}
        </Button>
      ))}
      {form && elsewhere.length > 0 && <Divider label={t("or")} />}
      {form && <PasswordForm next={next} />}
      {guest && <GuestButton next={next} />}
    </SignInCard>
  );
}

/** Signs in with what `work` does, then forgets everything read as nobody and goes on. */
function useEntering(next: string) {
  const saving = useSaving();
  const navigate = useNavigate();
  const enter = async (work: () => Promise<unknown>) => {
    if (!(await saving.run(work))) return false;
    queries.clear();
    await navigate({ to: next, replace: true });
    return true;
  };
  return { saving, enter };
}

function PasswordForm({ next }: { next: string }) {
  const [Username, setUsername] = useState("");
  const [Password, setPassword] = useState("");
  const { saving, enter } = useEntering(next);
  const submit = async () => {
    if (!(await enter(() => post("/api/users/login", { body: { Username, Password } })))) setPassword("");
  };
  return (
    <Form saving={saving} onSend={submit} gap="sm">
      <TextInput
        label={t("User name")}
        autoComplete="username"
        autoFocus
        required
        withAsterisk={false}
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
    </Form>
  );
}

function GuestButton({ next }: { next: string }) {
  const { saving, enter } = useEntering(next);
  return (
    <>
      <Refused sentences={saving.others} />
      <Button
        variant="subtle"
        loading={saving.busy}
        onClick={() => void enter(() => post("/api/users/authenticate/guest"))}
        fullWidth
      >
        {t("Look around as a guest")}
      </Button>
    </>
  );
}
