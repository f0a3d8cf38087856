import { Anchor, Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { reading, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Empty } from "../../parts/Empty";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { StateMark } from "../../parts/StateMark";
import { WhyButton } from "../../parts/WhyButton";
import { useMissing } from "../../shell/missing";
import { t } from "../../text";
import { going } from "./delivering";
import { usePlace } from "./place";

const ofSystem = reading("other", "/api/subscriptions/all", { query: { includeSystem: true } });
const ofSpace = (spaceId: string) =>
  reading("other", "/api/{spaceId}/subscriptions/all", { path: { spaceId } });

/** Who is told of what happens, by e-mail and by webhook. */
export function SubscriptionsPage() {
  const { spaceId, to } = usePlace();
  const all = useSuspenseQuery((spaceId ? ofSpace(spaceId) : ofSystem) as typeof ofSystem).data;
  const shown = all.filter((one) => (one.SpaceId ?? "") === spaceId);
  return (
    <Page
      title={t("Subscriptions")}
      about={
        spaceId
          ? t("People and programs that are told what happens in this space.")
          : t("People and programs that are told what happens in the system, outside of any space.")
      }
      actions={shown.length > 0 && <Add to={to} spaceId={spaceId} />}
    >
      <ListTable
        label={t("Subscriptions")}
        items={shown}
        idOf={(one) => one.Id ?? ""}
        empty={
          <Empty
            title={t("Nobody is told")}
            why={t("A subscription sends events to teams by e-mail, or to a program by a webhook.")}
          >
            <Add to={to} spaceId={spaceId} />
          </Empty>
        }
        columns={[
          {
            key: "name",
            head: t("Name"),
            cell: (one) => (
              <Anchor component={Link} to={`${to}/${one.Id}`} inherit>
                {one.Name}
              </Anchor>
            ),
          },
          { key: "mail", head: t("E-mail"), cell: (one) => <Way one={one} by="EmailDelivery" /> },
          { key: "hook", head: t("Webhook"), cell: (one) => <Way one={one} by="WebhookDelivery" /> },
        ]}
      />
    </Page>
  );
}

function Add({ to, spaceId }: { to: string; spaceId: string }) {
  const why = useMissing("SubscriptionCreate", spaceId);
  if (why) return <WhyButton why={why}>{t("Add a subscription")}</WhyButton>;
  return (
    <Button component={Link} to={`${to}/new`}>
      {t("Add a subscription")}
    </Button>
  );
}

function Way({ one, by }: { one: Schema["Subscription"]; by: "EmailDelivery" | "WebhookDelivery" }) {
  const told = one.EventNotificationSubscription;
  const set = by === "EmailDelivery" ? (told?.EmailTeams ?? []).length > 0 : Boolean(told?.WebhookURI);
  const { state, word } = going(told?.[by], set && !one.IsDisabled);
  return <StateMark state={state} word={word} />;
}
