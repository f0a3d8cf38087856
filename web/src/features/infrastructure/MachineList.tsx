import { Button, Group, Stack, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useDeferredValue, useState } from "react";
import { put } from "../../api/client";
import { stale, useSuspenseQuery } from "../../api/queries";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { useMay } from "../../shell/session";
import { t } from "../../text";
import type { Becomes } from "./adding";
import { useCheck } from "./checking";
import { countOf, filtered, type MachineSearch, PAGE, queryOf } from "./filters";
import classes from "./Infrastructure.module.css";
import { MachineFilters } from "./MachineFilters";
import { MachineTable } from "./MachineTable";
import { type AnyMachine, machinesReading, pathOf } from "./reads";
import { TaskLine } from "./TaskLine";

interface Props {
  spaceId: string;
  becomes: Becomes;
  search: MachineSearch;
  /** The address of the page this stands on. */
  here: string;
  /** What stands where there is no machine at all. */
  empty: ReactNode;
}

/** A filtered list of machines, with what may be done to several at once. */
export function MachineList({ spaceId, becomes, search, here, empty }: Props) {
  const navigate = useNavigate();
  // What is shown stays until the next is there: a page that makes way for it takes the focus from who types.
  const asked = useDeferredValue(search);
  const page = useSuspenseQuery(machinesReading(spaceId, becomes, queryOf(asked), asked.policies)).data;
  const items: readonly AnyMachine[] = page.Items;
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const go = (next: MachineSearch) =>
    void navigate({ to: here, search: next as never, replace: true, resetScroll: false });
  const toggle = (ids: readonly string[], on: boolean) => {
    const next = new Set(picked);
    for (const id of ids)
      if (on) next.add(id);
      else next.delete(id);
    setPicked(next);
  };
  const narrowed = countOf(asked) > 0 || Boolean(asked.q);
  if (items.length === 0 && !narrowed) return <>{empty}</>;
  const chosen = items.filter((one) => picked.has(one.Id));
  return (
    <Stack gap="sm">
      <MachineFilters spaceId={spaceId} becomes={becomes} search={search} go={go} />
      {items.length === 0 ? (
        <Text c="dimmed">{t("None fits these filters.")}</Text>
      ) : (
        <MachineTable spaceId={spaceId} becomes={becomes} items={items} picking={{ picked, toggle }} />
      )}
      {items.length > 0 && <Pages total={page.TotalResults} search={search} go={go} />}
      <Bulk
        spaceId={spaceId}
        becomes={becomes}
        chosen={chosen}
        shown={items}
        clear={() => setPicked(new Set())}
      />
    </Stack>
  );
}

interface PagesProps {
  total: number;
  search: MachineSearch;
  go: (search: MachineSearch) => void;
}

function Pages({ total, search, go }: PagesProps) {
  const at = search.page ?? 1;
  const last = Math.max(1, Math.ceil(total / PAGE));
  if (last === 1)
    return (
      <Text fz="sm" c="dimmed">
        {t("{{count}} machines", { count: total, one: "{{count}} machine" })}
      </Text>
    );
  return (
    <Group gap="xs">
      <Button variant="default" disabled={at <= 1} onClick={() => go(filtered(search, { page: at - 1 }))}>
        {t("Before")}
      </Button>
      <Text fz="sm">{t("Page {{at}} of {{last}}, {{total}} machines", { at, last, total })}</Text>
      <Button variant="default" disabled={at >= last} onClick={() => go(filtered(search, { page: at + 1 }))}>
        {t("Next")}
      </Button>
    </Group>
  );
}

interface BulkProps {
  spaceId: string;
  becomes: Becomes;
  chosen: readonly AnyMachine[];
  shown: readonly AnyMachine[];
  clear: () => void;
}

/** What may be done to the chosen machines; without any chosen, a check of all that are shown. */
function Bulk({ spaceId, becomes, chosen, shown, clear }: BulkProps) {
  const check = useCheck(spaceId);
  const saving = useSaving();
  const may = useMay(becomes === "machines" ? "MachineEdit" : "WorkerEdit", spaceId) !== false;
  const mayCheck = useMay("TaskCreate", spaceId) !== false;
  const turn = async (IsDisabled: boolean) => {
    const done = await saving.run(async () => {
      for (const one of chosen.filter((each) => each.IsDisabled !== IsDisabled))
        await put(pathOf(becomes, "/{id}"), {
          path: { spaceId, id: one.Id },
          body: { ...one, IsDisabled } as never,
        });
    });
    stale("machine", "environment", "other");
    if (done) clear();
  };
  const some = chosen.length > 0;
  const words = some
    ? t("Check {{count}} chosen", { count: chosen.length })
    : t("Check all {{count}} shown", { count: shown.length, one: "Check the one shown" });
  return (
    <Stack gap="xs" {...(some ? { className: classes.picked ?? "" } : {})}>
      <Refused error={saving.error ?? check.error} />
      <Group gap="xs">
        {mayCheck && shown.length > 0 && (
          <Button
            variant="default"
            loading={check.busy}
            onClick={() => void check.start((some ? chosen : shown).map((one) => one.Id))}
          >
            {words}
          </Button>
        )}
        {some && may && (
          <>
            <Button variant="default" loading={saving.busy} onClick={() => void turn(true)}>
              {t("Disable {{count}}", { count: chosen.length })}
            </Button>
            <Button variant="default" loading={saving.busy} onClick={() => void turn(false)}>
              {t("Enable {{count}}", { count: chosen.length })}
            </Button>
          </>
        )}
        {some && (
          <Button variant="subtle" onClick={clear}>
            {t("Choose none")}
          </Button>
        )}
        <TaskLine spaceId={spaceId} id={check.task} />
      </Group>
    </Stack>
  );
}
