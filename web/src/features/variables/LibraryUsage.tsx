import { Anchor, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { reading, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Empty } from "../../parts/Empty";
import { ListTable } from "../../parts/ListTable";
import { t } from "../../text";

const MOST = 10;

/** Which projects include a set, and in which releases it is frozen. */
export function LibraryUsage({ spaceId, set }: { spaceId: string; set: Schema["LibraryVariableSet"] }) {
  const found = useSuspenseQuery(
    reading(["project", "release", "other"], "/api/{spaceId}/libraryvariablesets/{id}/usages", {
      path: { spaceId, id: set.Id },
    }),
  ).data;
  const unseen = found.CountOfProjectsUserCannotSee ?? 0;
  return (
    <Stack gap="sm">
      <ListTable
        label={t("Projects that use {{name}}", { name: set.Name })}
        items={found.Projects ?? []}
        idOf={(each) => each.ProjectId}
        columns={[
          {
            key: "project",
            head: t("Project"),
            cell: (each) => (
              <Anchor
                component={Link}
                to={`/${spaceId}/projects/${each.ProjectSlug || each.ProjectId}`}
                fz="sm"
              >
                {each.ProjectName}
              </Anchor>
            ),
          },
          {
            key: "now",
            head: t("Included now"),
            cell: (each) => (each.IsCurrentlyBeingUsedInProject ? t("yes") : t("no, only in releases")),
          },
          {
            key: "releases",
            head: t("Frozen in releases"),
            cell: ({ Releases = [] }) => (
              <>
                {Releases.slice(0, MOST)
                  .map((each) => each.ReleaseVersion)
                  .join(", ")}
                {Releases.length > MOST && ` ${t("and {{count}} more", { count: Releases.length - MOST })}`}
              </>
            ),
          },
        ]}
        empty={
          <Empty
            title={t("No project uses it")}
            why={t("A project includes it on its page of variables, under Library sets.")}
          />
        }
      />
      {unseen > 0 && (
        <Text fz="sm" c="dimmed">
          {t("{{count}} more projects that you may not see", {
            count: unseen,
            one: "{{count}} more project that you may not see",
          })}
        </Text>
      )}
    </Stack>
  );
}
