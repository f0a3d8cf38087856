import { Anchor, Button, Group, Skeleton, Text } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Suspense, useCallback, useDeferredValue, useMemo } from "react";
import { useSuspenseQuery } from "../../api/queries";
import { Empty } from "../../parts/Empty";
import { later } from "../../parts/later";
import { Page } from "../../parts/Page";
import { useSpace, useSpaceId } from "../../shell/space";
import { number, t } from "../../text";
import { Filters } from "./Filters";
import { Matrix } from "./Matrix";
import { matrixOf } from "./matrix";
import { boardReading } from "./reading";
import { type CellState, type DashboardSearch, list, narrows, tidy } from "./search";

const route = getRouteApi("/frame/$space/");
const SavedViews = later(() => import("./SavedViews"));
const Wall = later(() => import("./Wall"));

/** The views people keep; they come after the matrix. */
function Views(props: { spaceId: string; search: DashboardSearch }) {
  return (
    <Suspense fallback={<Skeleton w="7rem" h="2.25rem" />}>
      <SavedViews {...props} />
    </Suspense>
  );
}

/** What is where: every project in every environment. */
export function DashboardPage() {
  const spaceId = useSpaceId();
  const space = useSpace();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const board = useSuspenseQuery(boardReading(spaceId, useDeferredValue(search))).data;
  const matrix = useMemo(() => matrixOf(board, search), [board, search]);
  const change = useCallback(
    (some: { [K in keyof DashboardSearch]?: DashboardSearch[K] | undefined }) =>
      void navigate({
        search: (before: DashboardSearch) => tidy({ ...before, ...some }),
        replace: true,
      }),
    [navigate],
  );
  const leaveWall = useCallback(() => change({ view: undefined }), [change]);
  const states = useMemo(() => list(search.states) as CellState[], [search.states]);
  const nothing = board.Projects.length === 0 && !search.states;
  const grid = (
    <Matrix spaceId={spaceId} matrix={matrix} density={search.view ?? "comfortable"} states={states} />
  );
  if (search.view === "wall" && matrix.shown > 0)
    return (
      <Wall title={space?.Name ?? t("Dashboard")} onLeave={leaveWall}>
        {grid}
      </Wall>
    );
  return (
    <Page title={t("Dashboard")} wide actions={!nothing && <Views spaceId={spaceId} search={search} />}>
      {nothing ? (
        <Beginning spaceId={spaceId} />
      ) : (
        <>
          <Filters board={board} search={search} onChange={change} />
          {matrix.shown > 0 ? (
            grid
          ) : (
            <Nothing onClear={() => change({ q: "", groups: "", environments: "", states: "" })} />
          )}
          <Group gap="xs" role="status">
            <Text fz="sm" c="dimmed">
              {t("{{shown}} of {{all}} projects, {{columns}} environments", {
                shown: number(matrix.shown),
                all: number(matrix.all),
                columns: number(matrix.columns.length),
              })}
            </Text>
            {narrows(search) && matrix.shown > 0 && (
              <Anchor
                component="button"
                type="button"
                fz="sm"
                onClick={() => change({ q: "", groups: "", environments: "", states: "" })}
              >
                {t("Show all")}
              </Anchor>
            )}
          </Group>
        </>
      )}
    </Page>
  );
}

function Nothing({ onClear }: { onClear: () => void }) {
  return (
    <Empty title={t("No project is like that")} why={t("The filters leave nothing of the dashboard.")}>
      <Button variant="default" onClick={onClear}>
        {t("Clear the filters")}
      </Button>
    </Empty>
  );
}

function Beginning({ spaceId }: { spaceId: string }) {
  return (
    <Empty
      title={t("Nothing is deployed from here yet")}
      why={t("Projects stand here, one a line, with what is deployed of them in each environment.")}
    >
      <Group>
        <Button component={Link} to={`/${spaceId}/begin`}>
          {t("Begin with the first deployment")}
        </Button>
        <Button component={Link} to={`/${spaceId}/projects`} variant="default">
          {t("Go to projects")}
        </Button>
      </Group>
    </Empty>
  );
}
