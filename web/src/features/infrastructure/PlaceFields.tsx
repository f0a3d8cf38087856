import { SimpleGrid, TagsInput } from "@mantine/core";
import { useQuery } from "../../api/queries";
import { choicesOf, PickMany } from "../../parts/PickMany";
import { t } from "../../text";
import type { Becomes, Becoming } from "./adding";
import { environmentsReading, poolsReading, tagsReading } from "./reads";

interface Props {
  spaceId: string;
  becomes: Becomes;
  value: Becoming;
  onChange: (change: Partial<Becoming>) => void;
  errorOf?: (field: string) => string | undefined;
  readOnly?: boolean;
}

/** Where a machine belongs: environments and tags of a target, pools of a worker. Tags in use are offered. */
export function PlaceFields({ spaceId, becomes, value, onChange, errorOf, readOnly = false }: Props) {
  const targets = becomes === "machines";
  const environments = useQuery({ ...environmentsReading(spaceId), enabled: targets }).data;
  const tags = useQuery({ ...tagsReading(spaceId), enabled: targets }).data;
  const pools = useQuery({ ...poolsReading(spaceId), enabled: !targets }).data;
  if (!targets)
    return (
      <PickMany
        label={t("Worker pools")}
        description={t("Steps that run on a worker name the pool they want.")}
        value={value.pools}
        onChange={(found) => onChange({ pools: found })}
        choices={choicesOf(pools)}
        error={errorOf?.("WorkerPoolIds")}
        readOnly={readOnly}
      />
    );
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <PickMany
        label={t("Environments")}
        description={t("Deployments to these reach it.")}
        value={value.environments}
        onChange={(found) => onChange({ environments: found })}
        choices={choicesOf(environments)}
        error={errorOf?.("EnvironmentIds")}
        readOnly={readOnly}
      />
      <TagsInput
        label={t("Target tags")}
        description={t("Steps ask for machines by these.")}
        data={tags ?? []}
        value={[...value.tags]}
        onChange={(found) => onChange({ tags: found })}
        error={errorOf?.("Roles")}
        readOnly={readOnly}
        clearable={!readOnly}
        clearButtonProps={{ "aria-label": t("Clear") }}
      />
    </SimpleGrid>
  );
}
