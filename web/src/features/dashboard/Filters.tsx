import { Group, SegmentedControl } from "@mantine/core";
import type { Schema } from "../../api/types";
import { Filter } from "../../parts/Filter";
import { StateMark } from "../../parts/StateMark";
import { STATES } from "../../parts/states";
import { t } from "../../text";
import { FilterMenu } from "./FilterMenu";
import { CELL_STATES, type DashboardSearch, list } from "./search";

interface Props {
  board: Schema["Board"];
  search: DashboardSearch;
  onChange: (change: { [K in keyof DashboardSearch]?: DashboardSearch[K] | undefined }) => void;
}

/** What narrows the dashboard, and how closely it stands. Everything is kept in the address. */
export function Filters({ board, search, onChange }: Props) {
  return (
    <Group gap="xs">
      <Filter
        label={t("Filter projects by name")}
        value={search.q ?? ""}
        onChange={(q) => onChange({ q: q || undefined })}
      />
      <FilterMenu
        label={t("Groups")}
        choices={board.ProjectGroups.map((each) => ({ id: each.Id, name: each.Name }))}
        picked={list(search.groups)}
        onPick={(ids) => onChange({ groups: ids.join(",") })}
      />
      <FilterMenu
        label={t("Environments")}
        choices={board.Environments.map((each) => ({ id: each.Id, name: each.Name }))}
        picked={list(search.environments)}
        onPick={(ids) => onChange({ environments: ids.join(",") })}
      />
      <FilterMenu
        label={t("States")}
        choices={CELL_STATES.map((state) => ({
          id: state,
          name: t(STATES[state].word),
          shown: <StateMark state={state} />,
        }))}
        picked={list(search.states)}
        onPick={(ids) => onChange({ states: ids.join(",") })}
      />
      <SegmentedControl
        ms="auto"
        size="xs"
        aria-label={t("Density")}
        value={search.view ?? "comfortable"}
        onChange={(view) => onChange({ view: view === "compact" || view === "wall" ? view : undefined })}
        data={[
          { value: "comfortable", label: t("Comfortable") },
          { value: "compact", label: t("Compact") },
          { value: "wall", label: t("Wall") },
        ]}
      />
    </Group>
  );
}
