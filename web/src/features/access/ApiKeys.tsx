import { Button, Code, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { post, remove } from "../../api/client";
import { reading, stale, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { CopyAs } from "../../parts/CopyAs";
import { Destroy } from "../../parts/Destroy";
import { Form } from "../../parts/Form";
import { ListTable } from "../../parts/ListTable";
import { Section } from "../../parts/Section";
import { ShownOnce } from "../../parts/ShownOnce";
import { StateMark } from "../../parts/StateMark";
import { useSaving } from "../../parts/saving";
import { When } from "../../parts/When";
import { WhyButton } from "../../parts/WhyButton";
import { t } from "../../text";

const PLACE = "/api/users/{id}/apikeys";

/** The API keys of an account: a new one is shown once. */
export function ApiKeys({ user }: { user: Schema["User"] }) {
  const id = user.Id ?? "";
  const found = useSuspenseQuery(reading("other", PLACE, { path: { id }, query: { take: 1000 } }))
    .data as unknown as { Items: readonly Schema["ApiKey"][] };
  const drop = async (key: Schema["ApiKey"]) => {
    await remove("/api/users/{id}/apikeys/{key_id}", { path: { id, key_id: key.Id } });
    stale("other");
  };
  return (
    <Stack gap="md">
      {user.IsRequestor || user.IsService ? (
        <NewKey id={id} />
      ) : (
        <Text c="dimmed">
          {t("People make their keys themselves, in their profile. You can revoke them here.")}
        </Text>
      )}
      <ListTable
        label={t("API keys")}
        items={found.Items}
        idOf={(key) => key.Id}
        empty={
          <Text c="dimmed">{t("There is no key. Programs and the command line sign in with one.")}</Text>
        }
        columns={[
          { key: "purpose", head: t("Purpose"), cell: (key) => key.Purpose },
          { key: "begins", head: t("Begins with"), cell: (key) => <Code>{key.ApiKey.Hint}…</Code> },
          { key: "made", head: t("Made"), short: true, cell: (key) => <When at={key.Created} /> },
          {
            key: "used",
            head: t("Last used"),
            short: true,
            cell: (key) => <When at={key.LastUsed} none="Never" />,
          },
          { key: "expires", head: t("Good until"), short: true, cell: (key) => <Until at={key.Expires} /> },
          {
            key: "revoke",
            head: <span className="visually-hidden">{t("Revoke")}</span>,
            end: true,
            cell: (key) => (
              <Destroy
                action={t("Revoke {{name}}", { name: key.Purpose })}
                name={key.Purpose}
                effect={t("Whoever uses this key is refused from now on.")}
                onConfirm={() => drop(key)}
              />
            ),
          },
        ]}
      />
    </Stack>
  );
}

function Until({ at }: { at: string | null }) {
  if (!at) return <>{t("Never expires")}</>;
  if (new Date(at).getTime() < Date.now()) return <StateMark state="canceled" word="Expired" />;
  return <When at={at} />;
}

/** The last second of a day in the viewer's zone; null for no day, or none there is. */
function endOf(day: string): string | null {
  const end = new Date(`${day}T23:59:59`);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
}

function NewKey({ id }: { id: string }) {
  const [purpose, setPurpose] = useState("");
  const [day, setDay] = useState("");
  const [key, setKey] = useState("");
  const saving = useSaving(["Purpose", "Expires"]);
  const body = { Purpose: purpose, Expires: endOf(day) };
  const make = async () => {
    const done = await saving.run(async () => {
      setKey((await post(PLACE, { path: { id }, body })).ApiKey);
      stale("other");
    });
    if (!done) return;
    setPurpose("");
    setDay("");
  };
  return (
    <Section
      title={t("New API key")}
      about={t("It may do everything the account may do, until it is revoked or expires.")}
    >
      <Form saving={saving} onSend={make} maw="34rem">
        <Group grow preventGrowOverflow={false} align="flex-start">
          <TextInput
            label={t("Purpose")}
            required
            value={purpose}
            onChange={(event) => setPurpose(event.currentTarget.value)}
            error={saving.errorOf("Purpose")}
          />
          <TextInput
            type="date"
            label={t("Good until")}
            value={day}
            onChange={(event) => setDay(event.currentTarget.value)}
            error={saving.errorOf("Expires")}
          />
        </Group>
        <Group gap="xs">
          <WhyButton
            type="submit"
            loading={saving.busy}
            why={purpose ? undefined : t("Say what the key is for.")}
          >
            {t("Make the key")}
          </WhyButton>
          <CopyAs request={() => ({ method: "POST", template: PLACE, path: { id }, body })} />
        </Group>
        {key && (
          <>
            <ShownOnce
              title={t("The key, shown this once")}
              value={key}
              about={t(
                "Keep it where secrets are kept. The server has only a digest of it and cannot show it again.",
              )}
            />
            <Button variant="default" w="fit-content" onClick={() => setKey("")}>
              {t("I have kept it")}
            </Button>
          </>
        )}
      </Form>
    </Section>
  );
}
