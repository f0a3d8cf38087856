import { Alert, Button, Group, Menu, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconChevronDown, IconCopyPlus, IconPlus } from "@tabler/icons-react";
import { useSearch } from "@tanstack/react-router";
import { useSuspenseQuery } from "../../api/queries";
import { CopyAs } from "../../parts/CopyAs";
import { Dialog } from "../../parts/Dialog";
import { Empty } from "../../parts/Empty";
import { Refused } from "../../parts/Refused";
import { WhyButton } from "../../parts/WhyButton";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { SavedByOther } from "../audit/shared";
import { useProject } from "../projects/shared";
import { AddStep } from "./AddStep";
import { CodeView } from "./CodeView";
import { CopySteps } from "./CopySteps";
import { GraphSteps } from "./GraphSteps";
import { MergeDialog } from "./MergeDialog";
import {
  adopted,
  copyOf,
  freeName,
  hasSecrets,
  isDisabled,
  namesOf,
  newAction,
  newStep,
  type Step,
  type StepForm,
  switched,
  withStep,
} from "./model";
import { OpenStep } from "./OpenStep";
import classes from "./Process.module.css";
import { processOf, stepTypes } from "./reads";
import { SearchLink, useFormsHere, useGo } from "./SearchLink";
import { StepList } from "./StepList";
import type { ProcessSearch } from "./search";
import { type Draft, useDraft } from "./useDraft";

/** The process of a project: its steps as a list with forms, as a graph, or as text; saved as a whole. */
export function ProcessPage() {
  const spaceId = useSpaceId();
  const project = useProject();
  const found = useSuspenseQuery(processOf(spaceId, project.Id)).data;
  const types = useSuspenseQuery(stepTypes(spaceId)).data;
  return <Editor key={found.Id} found={found} types={types} spaceId={spaceId} projectId={project.Id} />;
}

interface EditorProps {
  found: Parameters<typeof useDraft>[0];
  types: readonly StepForm[];
  spaceId: string;
  projectId: string;
}

function Editor({ found, types, spaceId, projectId }: EditorProps) {
  const search = useSearch({ strict: false }) as ProcessSearch;
  const go = useGo();
  const draft = useDraft(found, { spaceId, projectId });
  const readOnly = useMay("ProcessEdit", spaceId) === false;
  const { steps, change } = draft;
  const inGraph = search.view === "graph" ? { view: "graph" as const } : {};
  const opened = useFormsHere();
  const add = (type: StepForm) => {
    const into = steps.find((step) => step.Id === search.into);
    if (into) {
      const action = newAction(type, freeName(type.Title, namesOf(steps)));
      change((now) => withStep(now, { ...into, Actions: [...into.Actions, action] }));
      go({ ...opened, step: into.Id, action: action.Id });
      return;
    }
    const step = newStep(type, steps);
    change((now) => [...now, step]);
    go({ ...opened, step: step.Id });
  };
  const take = (others: readonly Step[]) => {
    change((now) => {
      const all = [...now];
      for (const step of others) all.push(adopted(step, all));
      return all;
    });
    go(inGraph);
  };
  return (
    <Stack gap="md">
      <Heading {...{ draft, search, go, readOnly, spaceId, projectId }} />
      <Notices draft={draft} inCode={search.view === "code"} spaceId={spaceId} />
      {search.view === "code" ? (
        <CodeView draft={draft} readOnly={readOnly} />
      ) : (
        <Steps {...{ draft, search, go, types, readOnly }} />
      )}
      {(draft.dirty || draft.busy) && <SaveBar draft={draft} />}
      {search.add === "copy" && (
        <CopySteps types={types} onCopy={take} onClose={() => go({ ...inGraph, step: search.step })} />
      )}
      {search.add && search.add !== "copy" && (
        <AddStep
          types={types}
          category={search.add}
          into={steps.find((step) => step.Id === search.into)?.Name}
          onCategory={(category) => go({ ...search, add: category }, true)}
          onChoose={add}
          onClose={() => go({ ...inGraph, step: search.step, action: search.action })}
        />
      )}
      {draft.clash && (
        <MergeDialog
          base={draft.base.Steps}
          mine={steps}
          clash={draft.clash}
          busy={draft.busy}
          onSave={(onto, merged) => void draft.save(onto, merged).then(saved)}
          onKeep={draft.settle}
          onClose={draft.dismiss}
        />
      )}
      <Leaving draft={draft} />
    </Stack>
  );
}

type Go = (to: ProcessSearch, replace?: boolean) => void;

const saved = (done: boolean) =>
  done &&
  notifications.show({ message: t("The process is saved."), closeButtonProps: { "aria-label": t("Close") } });

/** Another view of the same process: what is chosen in the list is chosen in the graph. */
function viewed(view: string, { step, action }: ProcessSearch): ProcessSearch {
  if (view === "code") return { view };
  return { ...(view === "graph" && { view }), ...(step && { step }), ...(action && { action }) };
}

interface HeadingProps {
  draft: Draft;
  search: ProcessSearch;
  go: Go;
  readOnly: boolean;
  spaceId: string;
  projectId: string;
}

function Heading({ draft, search, go, readOnly, spaceId, projectId }: HeadingProps) {
  const inGraph = search.view === "graph" ? { view: "graph" as const } : {};
  const view = search.view ?? "list";
  const inCode = view === "code";
  return (
    <Group justify="space-between" gap="sm">
      <Title order={2} size="h3">
        {t("Process")}
      </Title>
      <Group gap="xs">
        <SegmentedControl
          aria-label={t("View")}
          value={view}
          onChange={(view) => go(viewed(view, search))}
          data={[
            { value: "list", label: t("Steps") },
            { value: "graph", label: t("Graph") },
            { value: "code", label: t("Code") },
          ]}
        />
        <CopyAs
          request={() => ({
            method: "PUT",
            template: "/api/{spaceId}/projects/{id}/deploymentprocesses",
            path: { spaceId, id: projectId },
            body: { ...draft.base, Steps: draft.steps, Links: undefined },
          })}
        />
        {!readOnly && !inCode && (
          <Button.Group>
            <Button
              variant={draft.dirty ? "default" : "filled"}
              leftSection={<IconPlus size="1rem" aria-hidden />}
              onClick={() => go({ ...inGraph, step: search.step, action: search.action, add: "all" })}
            >
              {t("Add a step")}
            </Button>
            <Menu position="bottom-end" withinPortal>
              <Menu.Target>
                <Button
                  variant={draft.dirty ? "default" : "filled"}
                  px="xs"
                  aria-label={t("More ways to add steps")}
                >
                  <IconChevronDown size="1rem" aria-hidden />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  leftSection={<IconCopyPlus size="1rem" aria-hidden />}
                  onClick={() => go({ ...inGraph, step: search.step, add: "copy" })}
                >
                  {t("Copy from another project")}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </Button.Group>
        )}
      </Group>
    </Group>
  );
}

/** What is wrong with the whole, and whether somebody else saved meanwhile. */
function Notices({ draft, inCode, spaceId }: { draft: Draft; inCode: boolean; spaceId: string }) {
  const whole = draft.problems.filter((each) => each.step === undefined).map((each) => each.text);
  return (
    <>
      <Refused error={draft.error} />
      {!inCode && <Refused sentences={whole} />}
      {draft.newer && !draft.clash && (
        <SavedByOther
          spaceId={spaceId}
          id={draft.base.Id}
          version={draft.newer}
          action={t("Compare now")}
          onAct={() => void draft.compare()}
        >
          {t("Your changes are still here. Saving will ask what to keep.")}
        </SavedByOther>
      )}
      {!inCode && draft.code?.fault && (
        <Alert color="yellow" variant="light" role="status">
          <Text c="var(--mantine-color-text)">
            {t("The code view holds text that is no process yet; here is what it said before.")}{" "}
            <SearchLink search={{ view: "code" }}>{t("Back to the code")}</SearchLink>
          </Text>
        </Alert>
      )}
    </>
  );
}

interface StepsProps {
  draft: Draft;
  search: ProcessSearch;
  go: Go;
  types: readonly StepForm[];
  readOnly: boolean;
}

function Steps({ draft, search, go, types, readOnly }: StepsProps) {
  const { steps, change, problems } = draft;
  const at = steps.findIndex((step) => step.Id === search.step);
  const current = steps[at];
  const action = current?.Actions.find((each) => each.Id === search.action);
  if (steps.length === 0)
    return (
      <Empty
        title={t("No steps yet")}
        why={t(
          "A process is what happens when a release is deployed: scripts and packages, one step after the other, on the machines with their tags.",
        )}
      />
    );
  if (search.view === "graph")
    return <GraphSteps {...{ steps, types, problems, search, readOnly, change }} />;
  const remove = (step: Step) => {
    change((now) => now.filter((each) => each.Id !== step.Id));
    go({});
  };
  const copy = (step: Step) => {
    const made = copyOf(step, steps);
    if (hasSecrets(step))
      notifications.show({
        message: t("Secrets of {{name}} are not in its copy: set them anew.", { name: step.Name }),
        closeButtonProps: { "aria-label": t("Close") },
      });
    change((now) => now.flatMap((each) => (each.Id === step.Id ? [each, made] : [each])));
    go({ step: made.Id });
  };
  return (
    <div className={classes.room} {...(current ? { "data-open": true } : {})}>
      <div className={classes.rail}>
        <StepList
          {...{ steps, types, problems, readOnly }}
          current={current?.Id}
          action={action?.Id}
          onMove={(to) => change(() => to)}
          onCopy={copy}
          onSwitch={(step) => change((now) => withStep(now, switched(step, !isDisabled(step))))}
          onRemove={remove}
        />
      </div>
      {current && (
        <Stack gap="xs">
          <SearchLink search={{}} className={classes.back} fz="sm">
            {t("All steps")}
          </SearchLink>
          <OpenStep {...{ steps, types, problems, readOnly, action, change }} step={current} />
        </Stack>
      )}
    </div>
  );
}

/** One save for everything; says what keeps it from being saved. */
function SaveBar({ draft }: { draft: Draft }) {
  const { problems, code, busy, save, discard } = draft;
  const why = code?.fault
    ? t("The text is no JSON yet: {{message}}", { message: code.fault.message })
    : undefined;
  return (
    <section className={classes.save} aria-label={t("Unsaved changes")}>
      <Text fz="sm" role="status">
        {problems.length > 0
          ? t("Unsaved changes, with {{count}} problems", {
              count: problems.length,
              one: "Unsaved changes, with {{count}} problem",
            })
          : t("Unsaved changes")}
      </Text>
      <Group gap="xs">
        <Button variant="default" onClick={discard}>
          {t("Discard changes")}
        </Button>
        <WhyButton why={why} loading={busy} onClick={() => void save().then(saved)}>
          {t("Save")}
        </WhyButton>
      </Group>
    </section>
  );
}

function Leaving({ draft: { leaving } }: { draft: Draft }) {
  if (leaving.status !== "blocked") return null;
  return (
    <Dialog opened onClose={leaving.reset} title={t("Leave without saving?")}>
      <Stack>
        <Text>{t("The process has changes that are not saved. They are lost when you leave.")}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={leaving.reset} data-autofocus>
            {t("Stay")}
          </Button>
          <Button color="red" onClick={leaving.proceed}>
            {t("Leave without saving")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
