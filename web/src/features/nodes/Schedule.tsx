import { post } from "../../api/client";
import { reading, stale, useSuspenseQuery } from "../../api/queries";
import { ListTable } from "../../parts/ListTable";
import { Refused } from "../../parts/Refused";
import { StateMark } from "../../parts/StateMark";
import { useSaving } from "../../parts/saving";
import { When } from "../../parts/When";
import { WhyButton } from "../../parts/WhyButton";
import { duration, t } from "../../text";
import { spanOf } from "./spans";

/** What the server does again and again, when next, and a button to do it now. */
export function Schedule() {
  const { TaskStatus } = useSuspenseQuery(reading("other", "/api/scheduler")).data;
  const saving = useSaving();
  const trigger = (name: string) =>
    saving.run(
      async () => {
        await post("/api/scheduler/{name}/trigger", { path: { name } });
        stale("other");
      },
      t("{{name}} is due now", { name }),
    );
  return (
    <>
      <Refused error={saving.error} />
      <ListTable
        label={t("Recurring work")}
        items={TaskStatus ?? []}
        idOf={(one) => one.Name}
        columns={[
          { key: "name", head: t("What"), cell: (one) => one.Name },
          {
            key: "state",
            head: t("State"),
            cell: (one) => (
              <StateMark
                state={one.IsOverdue ? "warning" : "success"}
                word={one.IsOverdue ? "Overdue" : "In time"}
              />
            ),
          },
          { key: "every", head: t("Every"), short: true, cell: (one) => duration(spanOf(one.Interval)) },
          {
            key: "last",
            head: t("Last"),
            short: true,
            cell: (one) => <When at={one.LastRun ?? null} none="Not yet" />,
          },
          { key: "next", head: t("Next"), short: true, cell: (one) => <When at={one.NextRun} /> },
          {
            key: "now",
            head: <span className="visually-hidden">{t("Do it now")}</span>,
            end: true,
            cell: (one) => (
              <WhyButton
                size="compact-sm"
                variant="default"
                onClick={() => void trigger(one.Name)}
                aria-label={t("Do it now: {{name}}", { name: one.Name })}
              >
                {t("Do it now")}
              </WhyButton>
            ),
          },
        ]}
      />
    </>
  );
}
