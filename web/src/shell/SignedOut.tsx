import { Anchor, Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { get, post } from "../api/client";
import { base } from "../api/place";
import { queries, useQuery } from "../api/queries";
import type { Schema } from "../api/types";
import { Dialog } from "../parts/Dialog";
import { Form } from "../parts/Form";
import { useSaving } from "../parts/saving";
import { t } from "../text";
import { useMe } from "./session";
import { addressElsewhere, sorted, ways } from "./ways";

/**
 * Stands over the page of somebody whose session has ended. Signing in here goes on where it ended, so nothing typed is
 * lost. Who signs in in another tab comes back by looking at this one again.
 */
export default function SignedOut({ onBack }: { onBack: () => void }) {
  const was = useMe();
  const [other, setOther] = useState<Schema["User"]>();
  const back = useReturn(was, onBack, setOther);
  const known = useQuery(ways()).data;
  const { form, elsewhere } = sorted(known?.AuthenticationProviders ?? []);
  // Its first field is where one types; before it is there, that would be the way out.
  if (!known) return null;
  return (
    <Dialog
      opened
      onClose={() => undefined}
      title={t("You are signed out")}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
    >
      <Stack>
        <Text>
          {t("Your session has ended. What you typed is still here: sign in again as {{name}} to go on.", {
            name: was.Username,
          })}
        </Text>
        {other && (
          <Text role="alert">
            {t("This browser is signed in as {{name}} now. Going on as somebody else begins anew.", {
              name: other.Username,
            })}
          </Text>
        )}
        {form && <Password name={was.Username} onDone={back} />}
        {elsewhere.map((provider) => (
          <Button
            key={provider.Name}
            component="a"
            href={addressElsewhere(provider, "/")}
            target="_blank"
            variant="default"
          >
            {t("Sign in with {{name}} in another tab", { name: provider.Name })}
          </Button>
        ))}
        <Anchor href={`${base}/app/${other ? "" : "sign-in?stay=true"}`} fz="sm" w="fit-content">
          {other ? t("Begin anew as {{name}}", { name: other.Username }) : t("Leave this page")}
        </Anchor>
      </Stack>
    </Dialog>
  );
}

/** Goes on if the same person is signed in again; asked now and whenever this tab is looked at. */
function useReturn(was: Schema["User"], onBack: () => void, onOther: (user: Schema["User"]) => void) {
  const router = useRouter();
  const back = async () => {
    const now = await get("/api/users/me");
    if (now.Id !== was.Id) return onOther(now);
    onBack();
    void queries.invalidateQueries();
    await router.invalidate();
  };
  const newest = useRef(back);
  newest.current = back;
  useEffect(() => {
    const look = () => void newest.current().catch(() => undefined);
    window.addEventListener("focus", look);
    return () => window.removeEventListener("focus", look);
  }, []);
  return back;
}

function Password({ name, onDone }: { name: string; onDone: () => Promise<unknown> }) {
  const [Password, setPassword] = useState("");
  const saving = useSaving();
  const enter = async () => {
    const done = await saving.run(async () => {
      await post("/api/users/login", { body: { Username: name, Password } });
      await onDone();
    });
    if (!done) setPassword("");
  };
  return (
    <Form saving={saving} onSend={enter} gap="sm">
      <input type="hidden" name="username" autoComplete="username" value={name} readOnly />
      <PasswordInput
        label={t("Password")}
        autoComplete="current-password"
        required
        withAsterisk={false}
        data-autofocus
        value={Password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": t("Show what is typed") }}
      />
      <Group justify="flex-end">
        <Button type="submit" loading={saving.busy}>
          {t("Sign in again")}
        </Button>
      </Group>
    </Form>
  );
}
