import { Stack, Switch, TextInput } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import { post, put, remove } from "../../api/client";
import { reading, stale, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { useEditing } from "../../parts/editing";
import { Form } from "../../parts/Form";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Refused } from "../../parts/Refused";
import { SaveBar } from "../../parts/SaveBar";
import { Section } from "../../parts/Section";
import { textFields } from "../../parts/textFields";
import { useMissing } from "../../shell/missing";
import { t } from "../../text";
import { Events } from "./Events";
import { usePlace } from "./place";
import type { Telling } from "./telling";
import { ByMail, ByWebhook } from "./Ways";

const PLACE = "/api/subscriptions/{id}";
const FIELDS = [
  "Name",
  "EmailTeams",
  "EmailFrequencyPeriod",
  "WebhookURI",
  "WebhookTeams",
  "WebhookHeaderKey",
  "WebhookHeaderValue",
  "WebhookSecret",
  "WebhookTimeout",
] as const;

type Subscription = Schema["Subscription"];

/** The part of a subscription that says who is told of what. */

/** A subscription: which events, whom, how, and how that goes. */
export function SubscriptionPage() {
  const { subscription: id = "" } = useParams({ strict: false }) as { subscription?: string };
  const { spaceId } = usePlace();
  const { data, error } = useQuery({ ...reading("other", PLACE, { path: { id } }), enabled: id !== "new" });
  if (error && !data) return <Refused error={error} />;
  if (id === "new") return <Editor key="new" subscription={fresh(spaceId)} />;
  return data ? <Editor key={data.Id} subscription={data} /> : <Loading />;
}

const fresh = (spaceId: string): Subscription =>
  ({
    Name: "",
    IsDisabled: false,
    SpaceId: spaceId || null,
    EventNotificationSubscription: {
      Filter: {},
      EmailTeams: [],
      EmailFrequencyPeriod: "01:00:00",
      WebhookTeams: [],
      WebhookTimeout: "00:00:10",
    },
  }) as unknown as Subscription;

function Editor({ subscription }: { subscription: Subscription }) {
  const { spaceId, to } = usePlace();
  const { draft, set, dirty, reset, moved, saving, save, isNew } = useEditing(subscription, FIELDS, {
    make: (body) => post("/api/subscriptions", { body }),
    change: (id, body) => put(PLACE, { path: { id }, body }),
    pageOf: (id) => `${to}/${id}`,
  });
  const navigate = useNavigate();
  const lacking = useMissing(isNew ? "SubscriptionCreate" : "SubscriptionEdit", spaceId);
  const deleting = useMissing("SubscriptionDelete", spaceId);
  const told = draft.EventNotificationSubscription as Telling;
  const change = (part: Partial<Telling>) => set({ EventNotificationSubscription: { ...told, ...part } });
  const drop = async () => {
    await remove(PLACE, { path: { id: subscription.Id ?? "" } });
    stale("other");
    await navigate({ to });
  };
  const parts = { told, change, errorOf: saving.errorOf, readOnly: Boolean(lacking), spaceId };
  const text = textFields(draft, set, saving, Boolean(lacking));
  return (
    <Page
      title={isNew ? t("New subscription") : subscription.Name}
      crumbs={[{ text: t("Subscriptions"), to }]}
      actions={
        !isNew && (
          <Destroy
            action={t("Delete the subscription")}
            name={subscription.Name}
            effect={t("Nobody is told by it any more; what was not delivered yet is dropped.")}
            onConfirm={drop}
            why={deleting}
          />
        )
      }
    >
      <Form saving={saving} onSend={save} maw="48rem">
        <Section title={t("Subscription")}>
          <Stack>
            <TextInput label={t("Name")} required {...text("Name")} />
            <Switch
              label={t("On")}
              description={t("Switched on again it begins anew, with what happens then.")}
              checked={!draft.IsDisabled}
              onChange={(event) => set({ IsDisabled: !event.currentTarget.checked })}
              disabled={Boolean(lacking)}
            />
          </Stack>
        </Section>
        <Events {...parts} />
        <ByMail {...parts} off={draft.IsDisabled ?? false} />
        <ByWebhook {...parts} off={draft.IsDisabled ?? false} />
        <SaveBar
          dirty={dirty}
          busy={saving.busy}
          why={lacking}
          onReset={reset}
          moved={moved}
          action={isNew ? t("Add the subscription") : t("Save")}
          request={() => ({
            method: isNew ? "POST" : "PUT",
            template: isNew ? "/api/subscriptions" : PLACE,
            path: { id: subscription.Id ?? "" },
            body: { ...draft, EventNotificationSubscription: withoutSecrets(told) },
          })}
        />
      </Form>
    </Page>
  );
}

function withoutSecrets(told: Telling): unknown {
  const { EmailDelivery: _, WebhookDelivery: __, ...rest } = told;
  const kept = { HasValue: true, NewValue: null };
  return {
    ...rest,
    WebhookSecret: told.WebhookSecret && kept,
    WebhookHeaderValue: told.WebhookHeaderValue && kept,
  };
}
