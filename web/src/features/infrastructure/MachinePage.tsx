import { Button, Group } from "@mantine/core";
import { useParams, useSearch } from "@tanstack/react-router";
import { put } from "../../api/client";
import { stale, useSuspenseQuery } from "../../api/queries";
import { LinkTabs } from "../../parts/LinkTabs";
import { Page } from "../../parts/Page";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import type { Becomes } from "./adding";
import { useCheck } from "./checking";
import { HealthMark } from "./HealthMark";
import { looksOf } from "./health";
import { MachineOverview } from "./MachineOverview";
import { MachineSettings } from "./MachineSettings";
import { type AnyMachine, infrastructure, machineReading, pathOf } from "./reads";
import { ScriptTab } from "./ScriptTab";
import { TaskLine } from "./TaskLine";

/** A deployment target. */
export const TargetPage = () => <MachinePage becomes="machines" />;

/** A worker. */
export const WorkerPage = () => <MachinePage becomes="workers" />;

function MachinePage({ becomes }: { becomes: Becomes }) {
  const spaceId = useSpaceId();
  const { machine: id = "" } = useParams({ strict: false });
  const { tab } = useSearch({ strict: false }) as { tab?: string };
  const machine: AnyMachine = useSuspenseQuery(machineReading(spaceId, becomes, id)).data;
  const check = useCheck(spaceId);
  const saving = useSaving();
  const mayEdit = useMay(becomes === "machines" ? "MachineEdit" : "WorkerEdit", spaceId) !== false;
  const mayRun = useMay("TaskCreate", spaceId) !== false;
  const here = infrastructure(spaceId, `${becomes}/${id}`);
  const turn = () =>
    saving.run(async () => {
      const body = { ...machine, IsDisabled: !machine.IsDisabled };
      await put(pathOf(becomes, "/{id}"), { path: { spaceId, id: machine.Id }, body: body as never });
      stale("machine", "environment", "other");
    });
  return (
    <Page
      title={machine.Name}
      crumbs={[
        {
          text: becomes === "machines" ? t("Deployment targets") : t("Workers"),
          to: infrastructure(spaceId, becomes),
        },
      ]}
      about={
        <Group gap="xs">
          <HealthMark machine={machine} />
          {machine.IsDisabled ? t(looksOf(machine).meaning) : machine.StatusSummary}
        </Group>
      }
      actions={
        <>
          {mayEdit && (
            <Button variant="default" loading={saving.busy} onClick={() => void turn()}>
              {machine.IsDisabled ? t("Enable") : t("Disable")}
            </Button>
          )}
          {mayRun && (
            <WhyButton
              loading={check.busy}
              onClick={() => void check.start([machine.Id])}
              why={
                machine.IsDisabled ? t("It is disabled: checks leave it out. Enable it first.") : undefined
              }
            >
              {t("Check health now")}
            </WhyButton>
          )}
        </>
      }
    >
      <Refused error={saving.error ?? check.error} />
      <TaskLine spaceId={spaceId} id={check.task} />
      <LinkTabs
        label={t("Parts of the machine")}
        tabs={[
          { text: t("Overview"), to: here, current: !tab },
          ...(mayRun
            ? [{ text: t("Run a script"), to: here, search: { tab: "script" }, current: tab === "script" }]
            : []),
          { text: t("Settings"), to: here, search: { tab: "settings" }, current: tab === "settings" },
        ]}
      />
      {!tab && <MachineOverview spaceId={spaceId} becomes={becomes} machine={machine} />}
      {tab === "script" && <ScriptTab spaceId={spaceId} becomes={becomes} machine={machine} />}
      {tab === "settings" && (
        <MachineSettings spaceId={spaceId} becomes={becomes} machine={machine} may={mayEdit} />
      )}
    </Page>
  );
}
