import { reading, useSuspenseQuery } from "../../api/queries";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";

const dashboard = (spaceId: string) =>
  reading(["project", "environment", "deployment", "task"], "/api/{spaceId}/dashboard", {
    path: { spaceId },
  });

/** What is where: every project in every environment. */
export function DashboardPage() {
  const { Projects } = useSuspenseQuery(dashboard(useSpaceId())).data;
  return (
    <Page title={t("Dashboard")} wide>
      <ListTable
        label={t("Projects")}
        items={Projects}
        idOf={(project) => project.Id}
        columns={[{ key: "name", head: t("Project"), cell: (project) => project.Name }]}
      />
    </Page>
  );
}
