import { Page } from "../../parts/Page";
import { t } from "../../text";
import { Archives } from "./Archives";
import { Retention } from "./Retention";
import { Stream } from "./Stream";
import { Verification } from "./Verification";

/** How the audit trail is kept: sealed, archived, sent on. */
export function TrailPage() {
  return (
    <Page
      title={t("Keeping and sending on")}
      crumbs={[{ text: t("Audit"), to: "/configuration/audit" }]}
      about={t(
        "Every event is sealed into a signed chain, moves to archives when it is old, and may be sent to another system.",
      )}
    >
      <Verification />
      <Retention />
      <Archives />
      <Stream />
    </Page>
  );
}
