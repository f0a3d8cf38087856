import { Anchor, Button, Group, List, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { post, put, remove } from "../../api/client";
import { sentencesOf } from "../../api/errors";
import { queries, reading, stale, useQuery, useSuspenseQuery } from "../../api/queries";
import { CopyAs } from "../../parts/CopyAs";
import { Destroy } from "../../parts/Destroy";
import { Form } from "../../parts/Form";
import { Page } from "../../parts/Page";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { projectAddress } from "../projects/shared";
import classes from "./Lifecycles.module.css";
import { type Lifecycle, newLifecycle, newPhase, type Phase } from "./model";
import { PhaseFields } from "./PhaseFields";
import { RetentionFields } from "./RetentionFields";
import { allEnvironments } from "./reads";
import { Strip } from "./Strip";

/** One lifecycle, or a new one: `/Spaces-1/library/lifecycles/new`. */
export function LifecyclePage() {
  const { lifecycle = "" } = useParams({ strict: false });
  return lifecycle === "new" ? <LifecycleForm key="new" found={newLifecycle()} /> : <Known id={lifecycle} />;
}

function Known({ id }: { id: string }) {
  const spaceId = useSpaceId();
  const found = useSuspenseQuery(
    reading("other", "/api/{spaceId}/lifecycles/{id}", { path: { spaceId, id } }),
  ).data;
  return <LifecycleForm key={`${found.Id} ${found.Version}`} found={found} />;
}

const FIELDS = ["Name", "Description", "Slug"];

function LifecycleForm({ found }: { found: Lifecycle }) {
  const spaceId = useSpaceId();
  const navigate = useNavigate();
  const isNew = found.Id === "";
  const readOnly = useMay(isNew ? "LifecycleCreate" : "LifecycleEdit", spaceId) === false;
  const environments = useSuspenseQuery(allEnvironments(spaceId)).data;
  const [lifecycle, setLifecycle] = useState(found);
  const saving = useSaving(FIELDS);
  const set = (changes: Partial<Lifecycle>) => setLifecycle((now) => ({ ...now, ...changes }));
  const { Phases } = lifecycle;
  const setPhase = (at: number, phase: Phase) =>
    set({ Phases: Phases.map((each, place) => (place === at ? phase : each)) });
  const move = (at: number, by: number) => {
    const next = [...Phases];
    const [taken] = next.splice(at, 1);
    if (taken) next.splice(at + by, 0, taken);
    set({ Phases: next });
  };
  const path = { spaceId, id: found.Id };
  const save = () =>
    saving.run(async () => {
      const saved = isNew
        ? await post("/api/{spaceId}/lifecycles", { path: { spaceId }, body: lifecycle })
        : await put("/api/{spaceId}/lifecycles/{id}", { path, body: lifecycle });
      stale("other");
      if (isNew)
        await navigate({
          to: "/$space/library/lifecycles/$lifecycle",
          params: { space: spaceId, lifecycle: saved.Slug || saved.Id },
        });
    }, t("The lifecycle is saved."));
  const sentences = saving.error ? sentencesOf(saving.error) : [];
  const others = saving.others.filter((each) => !/^Phases\[\d+\]/.test(each));
  const text = textFields(lifecycle, set, saving, readOnly);
  return (
    <Page
      title={isNew ? t("New lifecycle") : found.Name}
      crumbs={[{ text: t("Lifecycles"), to: `/${spaceId}/library/lifecycles` }]}
      actions={
        <CopyAs
          request={() => ({
            method: isNew ? "POST" : "PUT",
            template: isNew ? "/api/{spaceId}/lifecycles" : "/api/{spaceId}/lifecycles/{id}",
            path,
            body: { ...lifecycle, Links: undefined },
          })}
        />
      }
    >
      <Form saving={{ busy: saving.busy || readOnly, others }} onSend={save} maw="56rem">
        <Stack className={classes.card} gap="sm">
          <TextInput label={t("Name")} withAsterisk {...text("Name")} />
          <Textarea label={t("Description")} autosize {...text("Description")} />
          <RetentionFields
            label={t("Releases are kept")}
            readOnly={readOnly}
            value={lifecycle.ReleaseRetentionPolicy}
            onChange={(policy) => policy && set({ ReleaseRetentionPolicy: policy })}
          />
          <RetentionFields
            label={t("Files on targets are kept")}
            readOnly={readOnly}
            value={lifecycle.TentacleRetentionPolicy}
            onChange={(policy) => policy && set({ TentacleRetentionPolicy: policy })}
          />
        </Stack>
        <Title order={2} size="h4">
          {t("Phases")}
        </Title>
        {Phases.length > 0 ? (
          <Strip phases={Phases} environments={environments} label={t("Phases")} />
        ) : (
          <Text c="dimmed">{t("Without phases a release may go to all environments, in any order.")}</Text>
        )}
        {Phases.map((phase, at) => (
          <PhaseFields
            key={phase.Id || at}
            {...{ phases: Phases, at, phase, environments, sentences, readOnly }}
            onChange={(changed) => setPhase(at, changed)}
            onMove={(by) => move(at, by)}
            onRemove={() => set({ Phases: Phases.filter((_, place) => place !== at) })}
          />
        ))}
        {!readOnly && (
          <Group justify="space-between">
            <Button
              variant="default"
              leftSection={<IconPlus size="1rem" aria-hidden />}
              onClick={() => set({ Phases: [...Phases, newPhase(Phases)] })}
            >
              {t("Add a phase")}
            </Button>
            <Button type="submit" loading={saving.busy}>
              {t("Save")}
            </Button>
          </Group>
        )}
      </Form>
      {!isNew && <Users id={found.Id} />}
      {!isNew && !readOnly && (
        <Group>
          <Destroy
            action={t("Delete the lifecycle {{name}}", { name: found.Name })}
            name={found.Name}
            effect={t(
              "Projects and channels that use it must get another one first; the server says which they are.",
            )}
            onConfirm={async () => {
              await remove("/api/{spaceId}/lifecycles/{id}", { path });
              await queries.invalidateQueries();
              await navigate({ to: "/$space/library/lifecycles", params: { space: spaceId } });
            }}
          />
        </Group>
      )}
    </Page>
  );
}

/** The projects whose releases go through it. */
function Users({ id }: { id: string }) {
  const spaceId = useSpaceId();
  const found = useQuery(
    reading("project", "/api/{spaceId}/lifecycles/{id}/projects", { path: { spaceId, id } }),
  ).data;
  if (!found) return null;
  return (
    <section className={classes.card} aria-label={t("Projects that use it")}>
      <Title order={2} size="h5" mb="xs">
        {t("Projects that use it")}
      </Title>
      {found.length === 0 ? (
        <Text c="dimmed">{t("None.")}</Text>
      ) : (
        <List size="sm">
          {found.map((project) => (
            <List.Item key={project.Id}>
              <Anchor component={Link} to={projectAddress(spaceId, project)}>
                {project.Name}
              </Anchor>
            </List.Item>
          ))}
        </List>
      )}
    </section>
  );
}
