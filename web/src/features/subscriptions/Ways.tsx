import { List, NumberInput, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { reading, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { type Choice, choicesOf, PickMany } from "../../parts/PickMany";
import { SecretInput } from "../../parts/SecretInput";
import { Section } from "../../parts/Section";
import { StateMark } from "../../parts/StateMark";
import { When } from "../../parts/When";
import { useMay } from "../../shell/session";
import { number, t } from "../../text";
import { Checking } from "./Checking";
import { going, minutesOf, spanOf } from "./delivering";
import type { Part } from "./telling";

function useTeams(spaceId: string): Choice[] {
  const may = useMay("TeamView", spaceId) === true;
  const path = { spaceId };
  const ofSpace = useQuery({
    ...reading("other", "/api/{spaceId}/teams/all", { path, query: { includeSystem: true } }),
    enabled: may && Boolean(spaceId),
  }).data;
  const ofSystem = useQuery({ ...reading("other", "/api/teams/all"), enabled: may && !spaceId }).data;
  return choicesOf(((spaceId ? ofSpace : ofSystem) ?? []) as { Id: string; Name: string }[]);
}

/** Telling teams by a digest from time to time. */
export function ByMail({ told, change, errorOf, readOnly, spaceId, off }: Part & { off: boolean }) {
  const mail = useQuery(reading("other", "/api/smtpconfiguration/isconfigured")).data;
  const on = (told.EmailTeams ?? []).length > 0;
  return (
    <Section
      title={t("By e-mail")}
      about={t("A digest for each person, of what those teams they belong to may see.")}
    >
      <Stack>
        {on && <How delivery={told.EmailDelivery} on={!off} />}
        {on && mail?.IsConfigured === false && (
          <Text c="var(--state-warning)" fz="sm">
            {t("No mail server is set up yet, so nothing is sent.")}
          </Text>
        )}
        <PickMany
          label={t("Teams")}
          value={told.EmailTeams ?? []}
          onChange={(EmailTeams) => change({ EmailTeams })}
          choices={useTeams(spaceId)}
          none={t("Nobody is told by e-mail")}
          error={errorOf("EmailTeams")}
          readOnly={readOnly}
        />
        <NumberInput
          label={t("Every (minutes)")}
          min={1}
          max={10080}
          maw="12rem"
          value={minutesOf(told.EmailFrequencyPeriod)}
          onChange={(value) => change({ EmailFrequencyPeriod: spanOf(Number(value) || 60) })}
          error={errorOf("EmailFrequencyPeriod")}
          readOnly={readOnly}
        />
      </Stack>
    </Section>
  );
}

/** Telling a program, an event a request. */
export function ByWebhook({ told, change, errorOf, readOnly, spaceId, off }: Part & { off: boolean }) {
  const header = typeof told.WebhookHeaderValue === "string" ? null : told.WebhookHeaderValue;
  return (
    <Section
      title={t("By webhook")}
      about={t("One POST an event, within a second or two. Public addresses only.")}
    >
      <Stack>
        {told.WebhookURI && <How delivery={told.WebhookDelivery} on={!off} />}
        <TextInput
          label={t("Address")}
          placeholder="https://chat.example.com/hook"
          value={told.WebhookURI ?? ""}
          onChange={(event) => change({ WebhookURI: event.currentTarget.value || null })}
          error={errorOf("WebhookURI")}
          readOnly={readOnly}
        />
        <PickMany
          label={t("Told what these teams may see")}
          value={told.WebhookTeams ?? []}
          onChange={(WebhookTeams) => change({ WebhookTeams })}
          choices={useTeams(spaceId)}
          none={t("Everything here")}
          error={errorOf("WebhookTeams")}
          readOnly={readOnly}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            label={t("Header")}
            placeholder="X-Api-Key"
            value={told.WebhookHeaderKey ?? ""}
            onChange={(event) => change({ WebhookHeaderKey: event.currentTarget.value || null })}
            error={errorOf("WebhookHeaderKey")}
            readOnly={readOnly}
          />
          <SecretInput
            label={t("Value of the header")}
            value={header}
            onChange={(WebhookHeaderValue) => change({ WebhookHeaderValue })}
            error={errorOf("WebhookHeaderValue")}
            readOnly={readOnly}
          />
        </SimpleGrid>
        <SecretInput
          label={t("Secret that signs")}
          description={t(
            "At least 16 characters. The receiver checks the X-Gurita-Signature header with it.",
          )}
          value={told.WebhookSecret}
          onChange={(WebhookSecret) => change({ WebhookSecret })}
          error={errorOf("WebhookSecret")}
          readOnly={readOnly}
        />
        <Checking />
      </Stack>
    </Section>
  );
}

function How({ delivery, on }: { delivery: Schema["Delivery"] | null | undefined; on: boolean }) {
  const { state, word } = going(delivery, on);
  return (
    <div data-delivery>
      <StateMark state={state} word={word} />{" "}
      <Text span fz="sm">
        {delivery?.LastSuccess && (
          <>
            {t("last delivered")} <When at={delivery.LastSuccess} />{" "}
          </>
        )}
        {delivery?.NextTry && (
          <>
            {delivery.LastSuccess && "· "}
            {t("next try")} <When at={delivery.NextTry} />
          </>
        )}
      </Text>
      {(delivery?.Failures ?? 0) > 0 && (
        <Text fz="sm" c="var(--state-failed)">
          {delivery?.LastError}
        </Text>
      )}
      {(delivery?.GivenUpCount ?? 0) > 0 && (
        <>
          <Text fz="sm">
            {t("{{n}} were given up. The newest:", { n: number(delivery?.GivenUpCount ?? 0) })}
          </Text>
          <List size="sm">
            {(delivery?.GivenUp ?? []).slice(0, 5).map((one) => (
              <List.Item key={one.DeliveryId}>
                {one.What}: {one.Error}
              </List.Item>
            ))}
          </List>
        </>
      )}
    </div>
  );
}
