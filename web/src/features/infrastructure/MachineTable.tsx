import { Anchor, Badge, Checkbox, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useQuery } from "../../api/queries";
import { type Column, ListTable } from "../../parts/ListTable";
import { t } from "../../text";
import type { Becomes } from "./adding";
import { HealthMark } from "./HealthMark";
import { addressOf, kindOf } from "./kinds";
import { type AnyMachine, environmentsReading, infrastructure, poolsReading } from "./reads";

export interface Picking {
  picked: ReadonlySet<string>;
  toggle: (ids: readonly string[], on: boolean) => void;
}

interface Props {
  spaceId: string;
  becomes: Becomes;
  items: readonly AnyMachine[];
  /** Columns that say nothing new here. */
  without?: readonly string[];
  picking?: Picking;
}

/** Targets or workers as a table: health with its evidence, where they belong, how they are reached. */
export function MachineTable({ spaceId, becomes, items, without = [], picking }: Props) {
  const environments = useQuery({ ...environmentsReading(spaceId), enabled: becomes === "machines" }).data;
  const pools = useQuery({ ...poolsReading(spaceId), enabled: becomes === "workers" }).data;
  const names = (ids: readonly string[] = [], all: readonly { Id: string; Name: string }[] = []) =>
    ids.map((id) => all.find((each) => each.Id === id)?.Name ?? id).join(", ");
  const columns: Column<AnyMachine>[] = [
    {
      key: "name",
      head: headOf(items, picking),
      cell: (one) => <Name {...{ spaceId, becomes, one, picking }} />,
    },
    {
      key: "health",
      head: t("Health"),
      cell: (one) => (
        <>
          <HealthMark machine={one} />
          <Text fz="xs" c="dimmed" lineClamp={2} maw="22rem">
            {one.StatusSummary}
          </Text>
        </>
      ),
    },
    { key: "environments", head: t("Environments"), cell: (one) => names(one.EnvironmentIds, environments) },
    { key: "pools", head: t("Pools"), cell: (one) => names(one.WorkerPoolIds, pools) },
    { key: "tags", head: t("Target tags"), cell: (one) => <Tags tags={one.Roles ?? []} /> },
    {
      key: "kind",
      head: t("Kind"),
      cell: (one) => (
        <>
          {t(kindOf(one.Endpoint.CommunicationStyle))}
          <Text fz="xs" c="dimmed" maw="14rem" truncate>
            {addressOf(one.Endpoint)}
          </Text>
        </>
      ),
    },
  ];
  const hidden = new Set([...without, ...(becomes === "machines" ? ["pools"] : ["environments", "tags"])]);
  return (
    <ListTable
      label={becomes === "machines" ? t("List of targets") : t("List of workers")}
      items={items}
      idOf={(one) => one.Id}
      columns={columns.filter((column) => !hidden.has(column.key))}
    />
  );
}

function headOf(items: readonly AnyMachine[], picking: Picking | undefined) {
  if (!picking) return t("Name");
  const ids = items.map((one) => one.Id);
  const count = ids.filter((id) => picking.picked.has(id)).length;
  return (
    <Group gap="xs" wrap="nowrap">
      <Checkbox
        size="xs"
        aria-label={t("Choose all that are shown")}
        checked={count > 0 && count === ids.length}
        indeterminate={count > 0 && count < ids.length}
        onChange={(event) => picking.toggle(ids, event.currentTarget.checked)}
      />
      {t("Name")}
    </Group>
  );
}

interface NameProps {
  spaceId: string;
  becomes: Becomes;
  one: AnyMachine;
  picking: Picking | undefined;
}

function Name({ spaceId, becomes, one, picking }: NameProps) {
  const link = (
    <Anchor component={Link} to={infrastructure(spaceId, `${becomes}/${one.Id}`)} fw={550}>
      {one.Name}
    </Anchor>
  );
  if (!picking) return link;
  return (
    <Group gap="xs" wrap="nowrap">
      <Checkbox
        size="xs"
        aria-label={t("Choose {{name}}", { name: one.Name })}
        checked={picking.picked.has(one.Id)}
        onChange={(event) => picking.toggle([one.Id], event.currentTarget.checked)}
      />
      {link}
    </Group>
  );
}

/** Target tags, as quiet labels. */
export function Tags({ tags }: { tags: readonly string[] }) {
  return (
    <Group gap={4}>
      {tags.map((tag) => (
        <Badge key={tag} variant="default" tt="none" fw={500} radius="sm">
          {tag}
        </Badge>
      ))}
    </Group>
  );
}
