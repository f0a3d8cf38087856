import { Anchor, Button, Stack, Switch, Text, TextInput } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { post, put, remove } from "../../api/client";
import { reading, stale, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { Dialog } from "../../parts/Dialog";
import { Empty } from "../../parts/Empty";
import { Form } from "../../parts/Form";
import { FormEnd } from "../../parts/FormEnd";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { HealthCounts } from "./HealthMark";
import { MachineList } from "./MachineList";
import { infrastructure } from "./reads";

const route = getRouteApi("/frame/$space/infrastructure/workers");

type Pool = Schema["WorkerPool"];

/** The workers of a space, and the pools they belong to. */
export function WorkersPage() {
  const spaceId = useSpaceId();
  const search = route.useSearch();
  const may = useMay("WorkerEdit", spaceId) !== false;
  const add = may && (
    <Button component={Link} to={infrastructure(spaceId, "workers/add")}>
      {t("Add worker")}
    </Button>
  );
  return (
    <Page
      wide
      title={t("Workers")}
      about={t(
        "Machines that run steps on behalf of others: steps that need no target, or must not run on the server.",
      )}
      actions={add}
    >
      <Pools spaceId={spaceId} may={may} />
      <Section title={t("Workers")}>
        <MachineList
          spaceId={spaceId}
          becomes="workers"
          search={search}
          here={infrastructure(spaceId, "workers")}
          empty={
            <Empty
              title={t("No workers yet")}
              why={t(
                "Without a worker, steps that ask for one do not run, unless the server may run scripts itself.",
              )}
            >
              {may && (
                <Button variant="default" component={Link} to={infrastructure(spaceId, "workers/add")}>
                  {t("Add worker")}
                </Button>
              )}
            </Empty>
          }
        />
      </Section>
    </Page>
  );
}

function Pools({ spaceId, may }: { spaceId: string; may: boolean }) {
  const [edited, setEdited] = useState<Partial<Pool>>();
  const told = useSuspenseQuery(
    reading(["machine", "task", "other"], "/api/{spaceId}/workerpools/summary", { path: { spaceId } }),
  ).data;
  return (
    <Section
      title={t("Pools")}
      about={t("A step names a pool and runs on one of its workers that are well; else on the default pool.")}
      actions={
        may && (
          <Button variant="default" onClick={() => setEdited({ Name: "", Description: "" })}>
            {t("Add pool")}
          </Button>
        )
      }
    >
      <ListTable
        label={t("List of pools")}
        items={told.WorkerPoolSummaries}
        idOf={(one) => one.WorkerPool.Id}
        columns={[
          {
            key: "name",
            head: t("Pool"),
            cell: ({ WorkerPool }) => (
              <Button variant="transparent" p={0} h="auto" onClick={() => setEdited(WorkerPool)}>
                {WorkerPool.Name}
              </Button>
            ),
          },
          {
            key: "about",
            head: t("About"),
            cell: ({ WorkerPool }) =>
              [WorkerPool.IsDefault ? t("The default pool") : "", WorkerPool.Description]
                .filter(Boolean)
                .join(" · "),
          },
          {
            key: "workers",
            head: t("Workers"),
            end: true,
            cell: (one) => (
              <Anchor
                component={Link}
                to={infrastructure(spaceId, "workers")}
                search={{ pools: one.WorkerPool.Id } as never}
                aria-label={t("{{n}} workers of {{name}}", {
                  n: one.TotalMachines,
                  name: one.WorkerPool.Name,
                })}
              >
                {one.TotalMachines}
              </Anchor>
            ),
          },
          {
            key: "health",
            head: t("Health"),
            cell: (one) => <HealthCounts summary={one} none={t("No workers")} />,
          },
        ]}
      />
      <Dialog
        opened={Boolean(edited)}
        onClose={() => setEdited(undefined)}
        title={edited?.Id ? t("Change {{name}}", { name: edited.Name ?? "" }) : t("Add a pool")}
      >
        {edited && <PoolForm spaceId={spaceId} pool={edited} may={may} onDone={() => setEdited(undefined)} />}
      </Dialog>
    </Section>
  );
}

interface FormProps {
  spaceId: string;
  pool: Partial<Pool>;
  may: boolean;
  onDone: () => void;
}

function PoolForm({ spaceId, pool, may, onDone }: FormProps) {
  const [form, setForm] = useState(pool);
  const saving = useSaving(["Name", "Description", "IsDefault"]);
  const set = (change: Partial<Pool>) => setForm((before) => ({ ...before, ...change }));
  const id = pool.Id;
  const submit = async () => {
    const done = await saving.run(() =>
      id
        ? put("/api/{spaceId}/workerpools/{id}", { path: { spaceId, id }, body: form })
        : post("/api/{spaceId}/workerpools", { path: { spaceId }, body: form }),
    );
    stale("other");
    if (done) onDone();
  };
  const text = textFields(form, set, saving, !may);
  return (
    <Stack>
      <Form saving={saving} onSend={submit}>
        <TextInput label={t("Name")} required withAsterisk={false} data-autofocus {...text("Name")} />
        <TextInput label={t("Description")} {...text("Description")} />
        <Switch
          label={t("Default pool")}
          description={t("Steps that name no pool run on its workers. There is always exactly one.")}
          checked={form.IsDefault ?? false}
          disabled={!may || pool.IsDefault === true}
          onChange={(event) => set({ IsDefault: event.currentTarget.checked })}
        />
        {may && <FormEnd action={id ? t("Save") : t("Add pool")} busy={saving.busy} onCancel={onDone} />}
      </Form>
      {id && may && !pool.IsDefault && (
        <div>
          <Destroy
            action={t("Delete the pool {{name}}", { name: pool.Name ?? "" })}
            name={pool.Name ?? ""}
            effect={
              <Text>
                {t("Its workers stay, in their other pools. Steps that name it keep it from being deleted.")}
              </Text>
            }
            onConfirm={async () => {
              await remove("/api/{spaceId}/workerpools/{id}", { path: { spaceId, id } });
              stale("other");
              onDone();
            }}
          />
        </div>
      )}
    </Stack>
  );
}
