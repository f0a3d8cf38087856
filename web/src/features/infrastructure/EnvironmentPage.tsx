import { Anchor, Button, List, Text } from "@mantine/core";
import { getRouteApi, Link, useNavigate, useParams } from "@tanstack/react-router";
import { remove } from "../../api/client";
import { reading, stale, useQuery, useSuspenseQuery } from "../../api/queries";
import { Destroy } from "../../parts/Destroy";
import { Page } from "../../parts/Page";
import { Section } from "../../parts/Section";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { useCheck } from "./checking";
import { EnvironmentDialog } from "./EnvironmentForm";
import { MachineTable } from "./MachineTable";
import { infrastructure, machinesReading } from "./reads";
import { TaskLine } from "./TaskLine";

const route = getRouteApi("/frame/$space/infrastructure/environments/$environment");

/** An environment: its targets, what would be lost with it, and the way to change or delete it. */
export function EnvironmentPage() {
  const spaceId = useSpaceId();
  const { environment: id = "" } = useParams({ strict: false });
  const { edit } = route.useSearch();
  const navigate = useNavigate();
  const environment = useSuspenseQuery(
    reading("environment", "/api/{spaceId}/environments/{id}", { path: { spaceId, id } }),
  ).data;
  const here = infrastructure(spaceId, `environments/${id}`);
  const show = (open: boolean) => void navigate({ to: here, search: (open ? { edit: true } : {}) as never });
  const may = useMay("EnvironmentEdit", spaceId) !== false;
  const mayDelete = useMay("EnvironmentDelete", spaceId) !== false;
  return (
    <Page
      title={environment.Name}
      crumbs={[{ text: t("Environments"), to: infrastructure(spaceId, "environments") }]}
      about={environment.Description}
      actions={
        <>
          {may && (
            <Button variant="default" onClick={() => show(true)}>
              {t("Change")}
            </Button>
          )}
          {mayDelete && (
            <Destroy
              action={t("Delete {{name}}", { name: environment.Name })}
              name={environment.Name}
              effect={t(
                "The environment goes, with the history of what was deployed to it. Nothing on its machines is touched.",
              )}
              onConfirm={async () => {
                await remove("/api/{spaceId}/environments/{id}", { path: { spaceId, id: environment.Id } });
                await navigate({ to: infrastructure(spaceId, "environments"), replace: true });
                stale("environment");
              }}
            />
          )}
        </>
      }
    >
      <Targets spaceId={spaceId} id={environment.Id} />
      <OnlyHere spaceId={spaceId} id={environment.Id} />
      <EnvironmentDialog
        spaceId={spaceId}
        environment={environment}
        opened={edit === true}
        onDone={() => show(false)}
      />
    </Page>
  );
}

function Targets({ spaceId, id }: { spaceId: string; id: string }) {
  const page = useSuspenseQuery(machinesReading(spaceId, "machines", { environmentIds: id, take: 200 })).data;
  const check = useCheck(spaceId);
  const add = (
    <Button
      component={Link}
      variant="default"
      to={infrastructure(spaceId, "machines/add")}
      search={{ environments: id } as never}
    >
      {t("Add target")}
    </Button>
  );
  return (
    <Section
      title={t("Deployment targets")}
      actions={
        <>
          {page.Items.length > 0 && (
            <Button
              variant="default"
              loading={check.busy}
              onClick={() => void check.start(page.Items.map((each) => each.Id))}
            >
              {t("Check health now")}
            </Button>
          )}
          {add}
        </>
      }
    >
      <TaskLine spaceId={spaceId} id={check.task} />
      {page.Items.length === 0 ? (
        <Text c="dimmed">
          {t("No target belongs to it yet, so steps that ask for targets would find none here.")}
        </Text>
      ) : (
        <MachineTable spaceId={spaceId} becomes="machines" items={page.Items} without={["environments"]} />
      )}
      {page.TotalResults > page.Items.length && (
        <Anchor
          component={Link}
          to={infrastructure(spaceId, "machines")}
          search={{ environments: id } as never}
        >
          {t("Show all {{n}}", { n: page.TotalResults })}
        </Anchor>
      )}
    </Section>
  );
}

function OnlyHere({ spaceId, id }: { spaceId: string; id: string }) {
  const told = useQuery(
    reading(["environment", "project"], "/api/{spaceId}/environments/{id}/singlyScopedVariableDetails", {
      path: { spaceId, id },
    }),
  ).data;
  const owners = Object.entries(told?.VariableMap ?? {});
  if (!told || (owners.length === 0 && !told.HasUnauthorizedProjectVariables)) return null;
  return (
    <Section
      title={t("Variables for this environment only")}
      about={t(
        "These values hold here and nowhere else. They would have no scope left without this environment.",
      )}
    >
      {told.HasUnauthorizedProjectVariables && (
        <Text c="dimmed">{t("You may not see variables of some projects, so this may not be all.")}</Text>
      )}
      <List size="sm">
        {owners.map(([owner, names]) => (
          <List.Item key={owner}>
            <Anchor
              component={Link}
              to={
                owner.startsWith("Projects-")
                  ? `/${spaceId}/projects/${owner}/variables`
                  : `/${spaceId}/library/variable-sets/${owner}`
              }
            >
              {owner}
            </Anchor>
            : {names.join(", ")}
          </List.Item>
        ))}
      </List>
    </Section>
  );
}
