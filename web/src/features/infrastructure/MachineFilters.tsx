import { Select, SimpleGrid } from "@mantine/core";
import { useQuery } from "../../api/queries";
import { FilterBar } from "../../parts/FilterBar";
import { type Choice, choicesOf, PickMany } from "../../parts/PickMany";
import { t } from "../../text";
import type { Becomes } from "./adding";
import { countOf, filtered, type ListFilter, type MachineSearch, valuesOf } from "./filters";
import { HEALTHS, looksOfHealth } from "./health";
import { kindOf, REACHABLE } from "./kinds";
import { environmentsReading, policiesReading, poolsReading, tagsReading } from "./reads";

interface Props {
  spaceId: string;
  becomes: Becomes;
  search: MachineSearch;
  go: (search: MachineSearch) => void;
}

/** What a list of machines may be narrowed to; every choice is in the address. */
export function MachineFilters({ spaceId, becomes, search, go }: Props) {
  return (
    <FilterBar
      label={t("Part of the name")}
      text={search.q}
      onText={(q) => go(filtered(search, { q }))}
      count={countOf(search)}
      onClear={() => go({})}
    >
      {() => <Lists spaceId={spaceId} becomes={becomes} search={search} go={go} />}
    </FilterBar>
  );
}

function Lists({ spaceId, becomes, search, go }: Props) {
  const targets = becomes === "machines";
  const environments = useQuery({ ...environmentsReading(spaceId), enabled: targets }).data;
  const tags = useQuery({ ...tagsReading(spaceId), enabled: targets }).data;
  const pools = useQuery({ ...poolsReading(spaceId), enabled: !targets }).data;
  const policies = useQuery(policiesReading(spaceId)).data;
  const pick = (name: ListFilter, label: string, choices: readonly Choice[]) => (
    <PickMany
      label={label}
      value={valuesOf(search, name)}
      onChange={(values) => go(filtered(search, { [name]: values.join(",") }))}
      choices={choices}
      none={t("Any")}
    />
  );
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
      {targets && pick("environments", t("Environments"), choicesOf(environments))}
      {targets &&
        pick(
          "tags",
          t("Target tags"),
          (tags ?? []).map((tag) => ({ value: tag, label: tag })),
        )}
      {!targets && pick("pools", t("Pools"), choicesOf(pools))}
      {pick(
        "health",
        t("Health"),
        HEALTHS.map((health) => ({ value: health, label: t(looksOfHealth(health).word) })),
      )}
      {pick(
        "kinds",
        t("Kind"),
        REACHABLE.map((style) => ({ value: style, label: t(kindOf(style)) })),
      )}
      <Select
        label={t("Policy")}
        placeholder={t("Any")}
        data={choicesOf(policies)}
        value={search.policies ?? null}
        onChange={(policies) => go(filtered(search, { policies }))}
        clearable
        clearButtonProps={{ "aria-label": t("Clear") }}
      />
      <Select
        label={t("Disabled")}
        placeholder={t("Either")}
        data={[
          { value: "no", label: t("Enabled only") },
          { value: "yes", label: t("Disabled only") },
        ]}
        value={search.disabled ?? null}
        onChange={(disabled) => go(filtered(search, { disabled }))}
        clearable
        clearButtonProps={{ "aria-label": t("Clear") }}
      />
    </SimpleGrid>
  );
}
