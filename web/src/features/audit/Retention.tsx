import { NumberInput } from "@mantine/core";
import { put } from "../../api/client";
import { reading, stale, useSuspenseQuery } from "../../api/queries";
import { useDraft } from "../../parts/draft";
import { Form } from "../../parts/Form";
import { SaveBar } from "../../parts/SaveBar";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { useMissing } from "../../shell/missing";
import { t } from "../../text";

const PLACE = "/api/eventretentionconfiguration";

/** How long events stay in the database. */
export function Retention() {
  const { draft, set, dirty, reset, settle, moved } = useDraft(
    useSuspenseQuery(reading("other", PLACE)).data,
  );
  const saving = useSaving(["EventRetentionDays"]);
  const why = useMissing("ConfigureServer");
  const save = async () => {
    await saving.run(async () => {
      settle(await put(PLACE, { body: draft }));
      stale("other");
    }, t("Saved"));
  };
  return (
    <Section
      title={t("Retention")}
      about={t("Older events move to archive files once an hour, which stay verifiable by themselves.")}
    >
      <Form saving={saving} onSend={save}>
        <NumberInput
          label={t("Days in the database")}
          description={t("0 keeps them there for ever.")}
          min={0}
          max={36500}
          maw="16rem"
          value={draft.EventRetentionDays ?? 0}
          onChange={(value) => set({ EventRetentionDays: Number(value) || 0 })}
          error={saving.errorOf("EventRetentionDays")}
          readOnly={Boolean(why)}
        />
        <SaveBar
          dirty={dirty}
          busy={saving.busy}
          why={why}
          onReset={reset}
          moved={moved}
          request={() => ({
            method: "PUT",
            template: PLACE,
            body: { EventRetentionDays: draft.EventRetentionDays },
          })}
        />
      </Form>
    </Section>
  );
}
