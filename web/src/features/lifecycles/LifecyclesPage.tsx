import { Anchor, Button, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useSuspenseQuery } from "../../api/queries";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { kept } from "./model";
import { allEnvironments, allLifecycles, previews } from "./reads";
import { Strip } from "./Strip";

/** In which order releases go through environments: every lifecycle with its phases. */
export function LifecyclesPage() {
  const spaceId = useSpaceId();
  const lifecycles = useSuspenseQuery(previews(spaceId)).data;
  const stored = useSuspenseQuery(allLifecycles(spaceId)).data;
  const environments = useSuspenseQuery(allEnvironments(spaceId)).data;
  const may = useMay("LifecycleCreate", spaceId);
  const anyOrder = new Set(stored.filter((each) => each.Phases.length === 0).map((each) => each.Id));
  return (
    <Page
      title={t("Lifecycles")}
      about={t("In which order a release goes through environments, and how long releases are kept.")}
      wide
      actions={
        may !== false && (
          <Button
            renderRoot={(props: object) => (
              <Link
                to="/$space/library/lifecycles/$lifecycle"
                params={{ space: spaceId, lifecycle: "new" }}
                {...props}
              />
            )}
            leftSection={<IconPlus size="1rem" aria-hidden />}
          >
            {t("Add a lifecycle")}
          </Button>
        )
      }
    >
      <ListTable
        label={t("Lifecycles")}
        items={lifecycles}
        idOf={(each) => each.Id}
        columns={[
          {
            key: "name",
            head: t("Lifecycle"),
            cell: (each) => (
              <Anchor
                renderRoot={(props: object) => (
                  <Link
                    to="/$space/library/lifecycles/$lifecycle"
                    params={{ space: spaceId, lifecycle: each.Slug || each.Id }}
                    {...props}
                  />
                )}
              >
                {each.Name}
              </Anchor>
            ),
          },
          {
            key: "phases",
            head: t("Phases"),
            cell: (each) =>
              anyOrder.has(each.Id) ? (
                <Text fz="sm" c="dimmed">
                  {t("No phases: all environments, in any order")}
                </Text>
              ) : (
                <Strip
                  phases={each.Phases}
                  environments={environments}
                  label={t("Phases of {{name}}", { name: each.Name })}
                />
              ),
          },
          { key: "kept", head: t("Releases are kept"), cell: (each) => kept(each.ReleaseRetentionPolicy) },
        ]}
      />
    </Page>
  );
}
