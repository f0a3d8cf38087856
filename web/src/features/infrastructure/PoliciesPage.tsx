import { Anchor, Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useSuspenseQuery } from "../../api/queries";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { type Message, t } from "../../text";
import { infrastructure, policiesReading } from "./reads";
import { spanOf, type Unit } from "./spans";

/** How often, in words: "Every day", "Every 90 seconds". */
function every(text: string | null | undefined): string {
  const { count, unit } = spanOf(text);
  if (count === 0) return t("Never");
  return count === 1 ? t(ONCE[unit]) : t("Every {{count}} {{unit}}", { count, unit: t(unit) });
}

const ONCE: Record<Unit, Message> = {
  seconds: "Every second",
  minutes: "Every minute",
  hours: "Every hour",
  days: "Every day",
};

/** The machine policies of a space. */
export function PoliciesPage() {
  const spaceId = useSpaceId();
  const all = useSuspenseQuery(policiesReading(spaceId)).data;
  const may = useMay("MachinePolicyCreate", spaceId) !== false;
  return (
    <Page
      title={t("Machine policies")}
      about={t(
        "When machines are checked, how patient the server is with them, and what it means that one is away.",
      )}
      actions={
        may && (
          <Button component={Link} to={infrastructure(spaceId, "policies/new")}>
            {t("Add policy")}
          </Button>
        )
      }
    >
      <ListTable
        label={t("Machine policies")}
        items={all}
        idOf={(one) => one.Id}
        columns={[
          {
            key: "name",
            head: t("Name"),
            cell: (one) => (
              <Anchor component={Link} to={infrastructure(spaceId, `policies/${one.Id}`)} fw={550}>
                {one.Name}
              </Anchor>
            ),
          },
          { key: "default", head: t("Default"), cell: (one) => (one.IsDefault ? t("Yes") : "") },
          {
            key: "checks",
            head: t("Health checks"),
            cell: (one) => every(one.MachineHealthCheckPolicy?.HealthCheckInterval),
          },
          {
            key: "away",
            head: t("A machine that is away"),
            cell: (one) =>
              one.MachineConnectivityPolicy?.MachineConnectivityBehavior === "MayBeOfflineAndCanBeSkipped"
                ? t("May be away")
                : t("Fails its check"),
          },
        ]}
      />
    </Page>
  );
}
