import { Text } from "@mantine/core";
import { put } from "../../api/client";
import { reading, stale, useSuspenseQuery } from "../../api/queries";
import { CopyAs } from "../../parts/CopyAs";
import { Refused } from "../../parts/Refused";
import { Section } from "../../parts/Section";
import { StateMark } from "../../parts/StateMark";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { useMissing } from "../../shell/missing";
import { t } from "../../text";

const PLACE = "/api/maintenanceconfiguration";

/** Whether only administrators may change anything, on all nodes at once. */
export function Maintenance() {
  const { IsInMaintenanceMode: on } = useSuspenseQuery(reading("other", PLACE)).data;
  const saving = useSaving();
  const body = { IsInMaintenanceMode: !on };
  const turn = () =>
    saving.run(async () => {
      await put(PLACE, { body });
      stale("other");
    });
  return (
    <Section
      title={t("Maintenance")}
      about={t(
        "Only administrators may change anything. Reading and signing in work, and tasks under way go on.",
      )}
      actions={
        <>
          <CopyAs request={() => ({ method: "PUT", template: PLACE, body })} />
          <WhyButton
            variant="default"
            loading={saving.busy}
            onClick={() => void turn()}
            why={useMissing("AdministerSystem")}
          >
            {on ? t("End the maintenance") : t("Begin maintenance")}
          </WhyButton>
        </>
      }
    >
      <Refused error={saving.error} />
      <Text component="div">
        <StateMark state={on ? "waiting" : "success"} word={on ? "In maintenance" : "Open"} />
      </Text>
    </Section>
  );
}
