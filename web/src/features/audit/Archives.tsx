import { Anchor, Text } from "@mantine/core";
import { address, remove } from "../../api/client";
import { reading, stale, useSuspenseQuery } from "../../api/queries";
import { Destroy } from "../../parts/Destroy";
import { ListTable } from "../../parts/ListTable";
import { Section } from "../../parts/Section";
import { When } from "../../parts/When";
import { useMissing } from "../../shell/missing";
import { bytes, number, t } from "../../text";

/** The files of events that are no longer in the database. */
export function Archives() {
  const { Items } = useSuspenseQuery(reading("other", "/api/events/archives")).data;
  const why = useMissing("EventRetentionDelete");
  const drop = async (id: string) => {
    await remove("/api/events/archives/{id}", { path: { id } });
    stale("other");
  };
  return (
    <Section
      title={t("Archives")}
      about={t("JSON lines packed with gzip; the command “gurita audit verify” reads them.")}
    >
      <ListTable
        label={t("Archives of events")}
        items={Items}
        idOf={(one) => one.Id}
        empty={<Text c="dimmed">{t("Nothing was archived yet.")}</Text>}
        columns={[
          {
            key: "name",
            head: t("File"),
            cell: (one) => (
              <Anchor href={address("/api/events/archives/{id}", { id: one.Id })} download inherit>
                {one.FileName}
              </Anchor>
            ),
          },
          { key: "events", head: t("Events"), end: true, cell: (one) => number(one.EventCount) },
          { key: "from", head: t("From"), short: true, cell: (one) => <When at={one.From} /> },
          { key: "to", head: t("To"), short: true, cell: (one) => <When at={one.To} /> },
          { key: "size", head: t("Size"), end: true, cell: (one) => bytes(one.FileBytes) },
          {
            key: "delete",
            head: <span className="visually-hidden">{t("Delete")}</span>,
            cell: (one) => (
              <Destroy
                action={t("Delete {{name}}", { name: one.FileName })}
                name={one.FileName}
                effect={t(
                  "{{n}} events are gone for good. The chain goes on from the archive's signed end.",
                  {
                    n: number(one.EventCount),
                  },
                )}
                onConfirm={() => drop(one.Id)}
                why={why}
              />
            ),
          },
        ]}
      />
    </Section>
  );
}
