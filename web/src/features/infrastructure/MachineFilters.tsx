import { Button, Collapse, Group, Select, SimpleGrid, Stack } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useState } from "react";
import { useQuery } from "../../api/queries";
import { Filter } from "../../parts/Filter";
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
  const count = countOf(search);
  const [opened, setOpened] = useState(count > 0);
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Filter
          label={t("Part of the name")}
          value={search.q ?? ""}
          onChange={(q) => go(filtered(search, { q }))}
        />
        <Button
          variant="default"
          aria-expanded={opened}
          leftSection={<IconAdjustmentsHorizontal size="1rem" aria-hidden />}
          onClick={() => setOpened(!opened)}
        >
          {count > 0 ? t("Filters ({{n}})", { n: count }) : t("Filters")}
        </Button>
        {(count > 0 || search.q) && (
          <Button variant="subtle" onClick={() => go({})}>
            {t("Clear all")}
          </Button>
        )}
      </Group>
      <Collapse expanded={opened}>
        {opened && <Lists spaceId={spaceId} becomes={becomes} search={search} go={go} />}
      </Collapse>
    </Stack>
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
