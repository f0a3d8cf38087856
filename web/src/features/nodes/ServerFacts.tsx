import { Button, Code, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { address } from "../../api/client";
import { reading, useQuery } from "../../api/queries";
import { FactList } from "../../parts/FactList";
import { ListTable } from "../../parts/ListTable";
import { Refused } from "../../parts/Refused";
import { Section } from "../../parts/Section";
import { useMay } from "../../shell/session";
import { bytes, duration, number, t } from "../../text";
import { spanOf } from "./spans";

/** The process that answers, the settings it was started with, and how much of everything there is. */
export function ServerFacts() {
  const administers = useMay("AdministerSystem", "") === true;
  const { data: info, error } = useQuery({
    ...reading("other", "/api/serverstatus/system-info"),
    enabled: administers,
  });
  const counts = useQuery({ ...reading("other", "/api/serverstatus/counts"), enabled: administers }).data;
  return (
    <>
      <Refused error={error} />
      {info && (
        <Section
          title={t("Process")}
          about={t("The node that answers you.")}
          actions={
            <Button
              component="a"
              href={address("/api/serverstatus/system-report")}
              download
              variant="default"
              leftSection={<IconDownload size="1rem" aria-hidden />}
            >
              {t("System report")}
            </Button>
          }
        >
          <FactList
            facts={[
              [t("Version"), info.ProductVersion],
              [t("Speaks as"), info.Version],
              [t("Up for"), duration(spanOf(info.Uptime))],
              [t("System"), `${info.OSVersion} · ${info.ClrVersion}`],
              [t("Memory"), bytes(info.WorkingSetBytes)],
              [t("Threads"), number(info.ThreadCount)],
            ]}
          />
        </Section>
      )}
      <Options />
      {counts && (
        <Section title={t("How much there is")}>
          <FactList
            facts={[counts.Global, counts.Infrastructure, counts.Project, counts.Library].flatMap((part) =>
              Object.entries(part).map(([name, count]) => [name, number(count)] as const),
            )}
          />
        </Section>
      )}
    </>
  );
}

/** The options of this node; they are changed where the server is started. */
function Options() {
  const { data, error } = useQuery(reading("other", "/api/serverconfiguration/settings"));
  if (error && !data) return <Refused error={error} />;
  return (
    <Section
      title={t("Options")}
      about={t(
        "As this node was started. They are changed there: as an option, in the environment, or in a file.",
      )}
    >
      <ListTable
        label={t("Options of the node")}
        items={(data ?? []).flatMap((set) => set.ConfigurationValues ?? [])}
        idOf={(one) => one.Key}
        columns={[
          { key: "name", head: t("Option"), cell: (one) => <Code>--{one.Key.replaceAll("_", "-")}</Code> },
          {
            key: "value",
            head: t("Value"),
            cell: (one) =>
              one.Value || (
                <Text c="dimmed" inherit>
                  {t("not set")}
                </Text>
              ),
          },
          { key: "about", head: t("What"), cell: (one) => one.Description },
        ]}
      />
    </Section>
  );
}
