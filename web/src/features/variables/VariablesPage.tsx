import { Group, Stack, Title } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { LinkTabs } from "../../parts/LinkTabs";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { projectAddress, useProject } from "../projects/shared";
import { AllVariables } from "./AllVariables";
import { IncludeSets } from "./IncludeSets";
import { projectSetReading } from "./loading";
import { PreviewPanel } from "./PreviewPanel";
import { SetEditor } from "./SetEditor";
import type { GridSearch, VariablesSearch } from "./search";

/** The variables of a project: its own to edit, all that hold for it, and what applies in a place. */
export function VariablesPage() {
  const spaceId = useSpaceId();
  const project = useProject();
  const search = useSearch({ strict: false }) as VariablesSearch;
  const navigate = useNavigate();
  const change = useCallback(
    (more: Partial<VariablesSearch>) =>
      void navigate({
        to: ".",
        search: (before: VariablesSearch) => ({ ...before, ...more }),
        replace: true,
      } as never),
    [navigate],
  );
  const to = projectAddress(spaceId, project, "variables");
  const view = search.preview ? "preview" : (search.view ?? "own");
  return (
    <Stack gap="sm">
      <Title order={2} className="visually-hidden">
        {view === "preview" ? t("What applies where") : view === "all" ? t("All variables") : t("Variables")}
      </Title>
      <Group justify="space-between" gap="sm">
        <LinkTabs
          label={t("Ways to look at the variables")}
          tabs={[
            { text: t("Of this project"), to, current: view === "own" },
            { text: t("With the library's"), to, search: { view: "all" }, current: view === "all" },
            { text: t("Preview"), to, search: { preview: 1 } as never, current: view === "preview" },
          ]}
        />
        <IncludeSets project={project} />
      </Group>
      {view === "preview" ? (
        <PreviewPanel project={project} search={search} onSearch={change} />
      ) : view === "all" ? (
        <AllVariables project={project} search={search} onSearch={change} />
      ) : (
        <Own spaceId={spaceId} search={search} onSearch={change} name={project.Name} projectId={project.Id} />
      )}
    </Stack>
  );
}

function Own(props: {
  spaceId: string;
  projectId: string;
  name: string;
  search: GridSearch;
  onSearch: (change: Partial<GridSearch>) => void;
}) {
  const { project = "" } = useParams({ strict: false });
  const loaded = useSuspenseQuery(projectSetReading(props.spaceId, project)).data;
  return (
    <SetEditor
      key={loaded.id}
      spaceId={props.spaceId}
      loaded={loaded}
      project={props.projectId}
      label={t("Variables of {{name}}", { name: props.name })}
      search={props.search}
      onSearch={props.onSearch}
    />
  );
}
