import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { ActionIcon, Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconGripVertical } from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { put } from "../../api/client";
import { reading, stale, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Empty } from "../../parts/Empty";
import { Page } from "../../parts/Page";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { EnvironmentDialog } from "./EnvironmentForm";
import { HealthCounts } from "./HealthMark";
import classes from "./Infrastructure.module.css";
import { moved } from "./order";
import { infrastructure } from "./reads";

const route = getRouteApi("/frame/$space/infrastructure/environments");

type Summary = Schema["EnvironmentSummary"];

/** The environments of a space in their order, each with the health of its targets. */
export function EnvironmentsPage() {
  const spaceId = useSpaceId();
  const { add } = route.useSearch();
  const navigate = useNavigate();
  const summary = useSuspenseQuery(
    reading(["environment", "machine"], "/api/{spaceId}/environments/summary", { path: { spaceId } }),
  ).data;
  const show = (open: boolean) =>
    void navigate({
      to: infrastructure(spaceId, "environments"),
      search: (open ? { add: true } : {}) as never,
    });
  const found = summary.EnvironmentSummaries;
  const may = useMay("EnvironmentCreate", spaceId) !== false;
  return (
    <Page
      title={t("Environments")}
      about={t("The stages releases pass through, in this order on every page. Targets belong to them.")}
      actions={may && <Button onClick={() => show(true)}>{t("Add environment")}</Button>}
    >
      {found.length === 0 ? (
        <Empty
          title={t("No environments yet")}
          why={t(
            "An environment is a stage such as Development, Test or Production. Releases are deployed to it.",
          )}
        >
          {may && <Button onClick={() => show(true)}>{t("Add the first environment")}</Button>}
        </Empty>
      ) : (
        <Ordered spaceId={spaceId} found={found} />
      )}
      <EnvironmentDialog spaceId={spaceId} opened={add === true} onDone={() => show(false)} />
    </Page>
  );
}

function Ordered({ spaceId, found }: { spaceId: string; found: readonly Summary[] }) {
  const [order, setOrder] = useState<readonly string[]>();
  const saving = useSaving();
  const may = useMay("EnvironmentEdit", spaceId) !== false;
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const ids = order ?? found.map((each) => each.Environment.Id);
  const rows = ids.flatMap((id) => found.find((each) => each.Environment.Id === id) ?? []);
  const save = async (next: readonly string[]) => {
    setOrder(next);
    await saving.run(() =>
      put("/api/{spaceId}/environments/sortorder", { path: { spaceId }, body: [...next] }),
    );
    stale("environment");
    setOrder(undefined);
  };
  const dropped = ({ active, over }: DragEndEvent) => {
    if (over && active.id !== over.id) void save(moved(ids, String(active.id), ids.indexOf(String(over.id))));
  };
  return (
    <Stack gap="xs">
      <Refused sentences={saving.others} />
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={dropped}>
        <SortableContext items={[...ids]} strategy={verticalListSortingStrategy}>
          <ol className={classes.rows} aria-label={t("Environments in order")}>
            {rows.map((each, at) => (
              <Row
                key={each.Environment.Id}
                spaceId={spaceId}
                summary={each}
                up={may && at > 0 ? () => void save(moved(ids, each.Environment.Id, at - 1)) : undefined}
                down={
                  may && at < rows.length - 1
                    ? () => void save(moved(ids, each.Environment.Id, at + 1))
                    : undefined
                }
                may={may && rows.length > 1}
              />
            ))}
          </ol>
        </SortableContext>
      </DndContext>
    </Stack>
  );
}

interface RowProps {
  spaceId: string;
  summary: Summary;
  up: (() => void) | undefined;
  down: (() => void) | undefined;
  may: boolean;
}

function Row({ spaceId, summary, up, down, may }: RowProps) {
  const { Id, Name, Slug, Description, UseGuidedFailure } = summary.Environment;
  const { attributes, listeners, setNodeRef, transform, transition, isDragging } = useSortable({ id: Id });
  return (
    <li
      ref={setNodeRef}
      className={classes.row}
      data-row={Id}
      data-dragging={isDragging || undefined}
      style={{ transform: CSS.Transform.toString(transform), transition }}
    >
      {may && (
        <ActionIcon
          variant="subtle"
          color="gray"
          className={classes.grip}
          {...attributes}
          {...listeners}
          aria-label={t("Drag {{name}} to another place", { name: Name })}
        >
          <IconGripVertical size="1.1rem" aria-hidden />
        </ActionIcon>
      )}
      <div className={classes.what}>
        <Anchor component={Link} to={infrastructure(spaceId, `environments/${Slug || Id}`)} fw={550}>
          {Name}
        </Anchor>
        {(Description || UseGuidedFailure) && (
          <Text fz="sm" c="dimmed" lineClamp={2}>
            {[Description, UseGuidedFailure ? t("Asks a person when a step fails.") : ""]
              .filter(Boolean)
              .join(" · ")}
          </Text>
        )}
      </div>
      <div className={classes.health}>
        <Anchor
          component={Link}
          to={infrastructure(spaceId, "machines")}
          search={{ environments: Id } as never}
          fz="sm"
          className={classes.count}
        >
          {t("{{count}} targets", { count: summary.TotalMachines, one: "{{count}} target" })}
        </Anchor>
        <HealthCounts summary={summary} none="" />
      </div>
      {may && (
        <Group gap={2} wrap="nowrap" className={classes.moves}>
          <Move name={t("Move {{name}} up", { name: Name })} icon={IconArrowUp} go={up} />
          <Move name={t("Move {{name}} down", { name: Name })} icon={IconArrowDown} go={down} />
        </Group>
      )}
    </li>
  );
}

function Move({
  name,
  icon: Icon,
  go,
}: {
  name: string;
  icon: typeof IconArrowUp;
  go: (() => void) | undefined;
}) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={name} disabled={!go} onClick={() => go?.()}>
      <Icon size="1.1rem" aria-hidden />
    </ActionIcon>
  );
}
