import { Group, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { put, remove } from "../../api/client";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { Refused } from "../../parts/Refused";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { useMissing } from "../../shell/missing";
import { t } from "../../text";

/** Ending somebody's sessions, and deleting them. */
export function UserDangers({ user, own }: { user: Schema["User"]; own?: boolean }) {
  const saving = useSaving();
  const navigate = useNavigate();
  const lacking = useMissing("UserEdit");
  const id = user.Id ?? "";
  const revoke = () =>
    saving.run(
      () => put("/api/users/{id}/revoke-sessions", { path: { id } }),
      t("All sessions of {{name}} were ended", { name: user.Username }),
    );
  const drop = async () => {
    await remove("/api/users/{id}", { path: { id } });
    stale("other");
    await navigate({ to: "/configuration/users" });
  };
  return (
    <Section title={own ? t("Sessions") : t("Sessions and deleting")}>
      <Refused error={saving.error} />
      {own && (
        <Text fz="sm" c="dimmed">
          {t("Signs you out everywhere, here too. Your API keys go on working.")}
        </Text>
      )}
      <Group>
        <WhyButton
          variant="default"
          onClick={() => void revoke()}
          loading={saving.busy}
          why={own || user.IsRequestor ? undefined : lacking}
        >
          {t("End all sessions of {{name}}", { name: user.Username })}
        </WhyButton>
        {!own && (
          <Destroy
            action={t("Delete {{name}}", { name: user.Username })}
            name={user.Username}
            effect={t(
              "The account, its API keys and its places in teams are gone. What it did stays in the audit trail.",
            )}
            onConfirm={drop}
            why={user.IsRequestor ? t("You cannot delete yourself.") : lacking}
          />
        )}
      </Group>
    </Section>
  );
}
