import { Alert, Button, List, Text } from "@mantine/core";
import { IconDownload, IconShieldCheck, IconShieldX } from "@tabler/icons-react";
import { useState } from "react";
import { address, get } from "../../api/client";
import { useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { FactList } from "../../parts/FactList";
import { Refused } from "../../parts/Refused";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { useMissing } from "../../shell/missing";
import { duration, number, t } from "../../text";
import { auditStatus } from "./ChainMark";

/** How far the trail is sealed, and following it to its end. */
export function Verification() {
  const status = useSuspenseQuery(auditStatus()).data;
  const [found, setFound] = useState<Schema["AuditVerification"]>();
  const saving = useSaving();
  const why = useMissing("AdministerSystem");
  const verify = () => saving.run(async () => setFound(await get("/api/gurita/audit/verification")));
  return (
    <Section
      title={t("Chain")}
      about={t(
        "Note the key's fingerprint somewhere else: a check is as good as what is kept outside of the server.",
      )}
      actions={
        <>
          <WhyButton variant="default" onClick={() => void verify()} loading={saving.busy} why={why}>
            {t("Verify now")}
          </WhyButton>
          {!why && (
            <Button
              component="a"
              href={address("/api/gurita/audit/export")}
              download
              variant="default"
              leftSection={<IconDownload size="1rem" aria-hidden />}
            >
              {t("Export with seals")}
            </Button>
          )}
        </>
      }
    >
      <FactList
        facts={[
          [
            t("Sealed events"),
            t("{{events}} in {{seals}} seals", {
              events: number(status.SealedEvents ?? 0),
              seals: number(status.Seals ?? 0),
            }),
          ],
          [t("Not sealed yet"), number(status.UnsealedEvents ?? 0)],
          [t("In archives"), number(status.ArchivedEvents ?? 0)],
          [t("Key"), status.KeyFingerprint],
        ]}
      />
      <Refused error={saving.error} />
      {found && <Found found={found} />}
    </Section>
  );
}

function Found({ found }: { found: Schema["AuditVerification"] }) {
  const events = number(found.VerifiedEvents);
  if (found.IsIntact)
    return (
      <Alert
        role="status"
        color="green"
        icon={<IconShieldCheck aria-hidden />}
        title={t("Verified to event {{n}}", { n: events })}
        styles={{ title: { color: "var(--state-success)" }, message: { color: "var(--mantine-color-text)" } }}
      >
        {t("Everything is as it was sealed. It took {{time}}.", { time: duration(found.Milliseconds) })}
      </Alert>
    );
  return (
    <Alert
      role="alert"
      color="red"
      icon={<IconShieldX aria-hidden />}
      title={t("The trail is not as it was sealed")}
      styles={{ title: { color: "var(--state-failed)" }, message: { color: "var(--mantine-color-text)" } }}
    >
      <List size="sm">
        {(found.Findings ?? []).map((one) => (
          <List.Item key={`${one.About}${one.Text}`}>
            <Text span fw={600}>
              {one.About}
            </Text>{" "}
            {one.Text}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
