import { ActionIcon, Anchor, Badge, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconCopy, IconFolders, IconPlus } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useSuspenseQuery } from "../../api/queries";
import { Empty } from "../../parts/Empty";
import { Filter } from "../../parts/Filter";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { WhyButton } from "../../parts/WhyButton";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { CreateProject } from "./CreateProject";
import { GroupsDialog } from "./GroupsDialog";
import { firstOf, type ListSearch, type Section, sectionsOf } from "./listing";
import classes from "./ProjectsPage.module.css";
import { groupsReading, summariesReading } from "./reading";
import { projectAddress } from "./shared";

const route = getRouteApi("/frame/$space/projects");
const MOST = 200;

/** All projects of a space, below their groups. */
export function ProjectsPage() {
  const spaceId = useSpaceId();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay("ProjectCreate", spaceId);
  const projects = useSuspenseQuery(summariesReading(spaceId)).data;
  const groups = useSuspenseQuery(groupsReading(spaceId)).data;
  const [most, setMost] = useState(MOST);
  const wanted = search.q ?? "";
  const sections = useMemo(() => sectionsOf(projects, groups, wanted), [projects, groups, wanted]);
  const { shown, more } = firstOf(sections, most);
  const go = (next: ListSearch, replace = false) => void navigate({ search: next, replace });
  const kept: ListSearch = wanted ? { q: wanted } : {};
  const create = (
    <WhyButton
      why={may === false ? t("You need the permission ProjectCreate.") : undefined}
      leftSection={<IconPlus size="1rem" aria-hidden />}
      onClick={() => go({ ...kept, dialog: "create" })}
    >
      {t("Create a project")}
    </WhyButton>
  );
  return (
    <Page
      title={t("Projects")}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconFolders size="1rem" aria-hidden />}
            onClick={() => go({ ...kept, dialog: "groups" })}
          >
            {t("Project groups")}
          </Button>
          {projects.length > 0 && create}
        </>
      }
    >
      {projects.length === 0 ? (
        <Empty
          title={t("There are no projects yet")}
          why={t(
            "A project holds how one piece of software is deployed: its steps, its variables and its releases.",
          )}
        >
          {create}
        </Empty>
      ) : (
        <>
          <Filter
            label={t("Filter projects by name, description or group")}
            value={wanted}
            onChange={(q) => go(q ? { q } : {}, true)}
          />
          {shown.length === 0 && (
            <Empty
              title={t("No project is like that")}
              why={t("Nothing has this text in its name, description or group.")}
            />
          )}
          {shown.map((section) => (
            <GroupOfProjects
              key={section.group.Id}
              section={section}
              spaceId={spaceId}
              onClone={(clone) => go({ ...kept, clone })}
            />
          ))}
          {more > 0 && (
            <Button variant="default" onClick={() => setMost(most + MOST)}>
              {t("Show more: {{count}} projects are not shown", {
                count: more,
                one: "Show more: {{count}} project is not shown",
              })}
            </Button>
          )}
        </>
      )}
      <CreateProject
        opened={search.dialog === "create" || Boolean(search.clone)}
        source={projects.find((each) => each.Id === search.clone)}
        onClose={() => go(kept)}
      />
      <GroupsDialog opened={search.dialog === "groups"} onClose={() => go(kept)} />
    </Page>
  );
}

function GroupOfProjects({
  section: { group, projects },
  spaceId,
  onClone,
}: {
  section: Section;
  spaceId: string;
  onClone: (id: string) => void;
}) {
  return (
    <Stack gap="xs">
      <Group gap="xs" align="baseline">
        <Title order={2} size="h4">
          {group.Name}
        </Title>
        {group.Description && (
          <Text fz="sm" c="dimmed">
            {group.Description}
          </Text>
        )}
      </Group>
      <div className={classes.list}>
        <ListTable
          label={group.Name}
          items={projects}
          idOf={(project) => project.Id}
          empty={
            <Text fz="sm" c="dimmed">
              {t("No project is in this group.")}
            </Text>
          }
          columns={[
            {
              key: "name",
              head: t("Project"),
              cell: (project) => (
                <Group gap="xs" wrap="nowrap">
                  <Anchor component={Link} to={projectAddress(spaceId, project)} fw={550}>
                    {project.Name}
                  </Anchor>
                  {project.IsDisabled && (
                    <Badge variant="default" c="dimmed" tt="none" fw={500}>
                      {t("Disabled")}
                    </Badge>
                  )}
                </Group>
              ),
            },
            {
              key: "about",
              head: t("Description"),
              cell: (project) => (
                <Text fz="sm" c="dimmed" lineClamp={1}>
                  {project.Description}
                </Text>
              ),
            },
            {
              key: "do",
              head: <span className="visually-hidden">{t("What can be done")}</span>,
              end: true,
              cell: (project) => (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t("Clone {{name}}", { name: project.Name })}
                  title={t("Clone {{name}}", { name: project.Name })}
                  onClick={() => onClone(project.Id)}
                >
                  <IconCopy size="1rem" aria-hidden />
                </ActionIcon>
              ),
            },
          ]}
        />
      </div>
    </Stack>
  );
}
