import { Button, Menu, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBookmark, IconCheck, IconDeviceFloppy } from "@tabler/icons-react";
import { put } from "../../api/client";
import { stale, useQuery } from "../../api/queries";
import { Dialog } from "../../parts/Dialog";
import { KeptNames } from "../../parts/KeptNames";
import { useSaving } from "../../parts/saving";
import { useMay } from "../../shell/session";
import { t } from "../../text";
import { countOf, type MachineSearch } from "./filters";
import { currentOf, filterOf, filtersReading, kept, type SavedFilter, searchOfFilter } from "./savedFilters";

interface Props {
  spaceId: string;
  search: MachineSearch;
  go: (search: MachineSearch) => void;
}

/** The filters people of this space gave names to: show one, keep what is shown, remove one. */
export function SavedFilters({ spaceId, search, go }: Props) {
  const saved = useQuery(filtersReading(spaceId)).data;
  const [opened, { open, close }] = useDisclosure(false);
  const filters = saved?.Filters ?? [];
  const current = currentOf(filters, search);
  return (
    <>
      <Menu position="bottom-end" width="17rem" withinPortal>
        <Menu.Target>
          <Button variant="default" fw={500} leftSection={<IconBookmark size="1rem" aria-hidden />}>
            {current?.Name ?? t("Saved filters")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {filters.length === 0 && (
            <Text fz="sm" c="dimmed" px="sm" py="xs">
              {t("Filter the list, then keep the filter under a name. Everybody in this space can use it.")}
            </Text>
          )}
          {filters.map((filter) => (
            <Menu.Item
              key={filter.Name}
              leftSection={filter === current ? <IconCheck size="1rem" aria-hidden /> : <span />}
              onClick={() => go(searchOfFilter(filter))}
            >
              {filter.Name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconDeviceFloppy size="1rem" aria-hidden />} onClick={open}>
            {t("Save or remove filters…")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Dialog opened={opened} onClose={close} title={t("Saved filters")}>
        <Keeping
          spaceId={spaceId}
          search={search}
          filters={filters}
          version={saved?.Version ?? 0}
          close={close}
        />
      </Dialog>
    </>
  );
}

interface KeepingProps {
  spaceId: string;
  search: MachineSearch;
  filters: readonly SavedFilter[];
  version: number;
  close: () => void;
}

function Keeping({ spaceId, search, filters, version, close }: KeepingProps) {
  const saving = useSaving();
  const may = useMay("MachineEdit", spaceId) !== false;
  const save = (Filters: SavedFilter[], done: string) =>
    saving.run(async () => {
      await put("/api/{spaceId}/gurita/machine-filters", {
        path: { spaceId },
        body: { Version: version, Filters },
      });
      stale("machine");
    }, done);
  return (
    <KeptNames
      names={filters.map((filter) => filter.Name)}
      saving={saving}
      description={t("A name that is there already is replaced.")}
      why={whyNot(search, may)}
      removing={(name) => t("Remove the filter {{name}}", { name })}
      onKeep={async (name) => {
        if (await save(kept(filters, filterOf(name, search)), t("The filter is kept."))) close();
      }}
      onRemove={
        may
          ? (name) =>
              void save(
                filters.filter((filter) => filter.Name !== name),
                t("The filter is removed."),
              )
          : undefined
      }
    />
  );
}

/** Why what is shown cannot be kept as a filter. */
function whyNot(search: MachineSearch, may: boolean): string | undefined {
  if (!may) return t("You need the permission MachineEdit.");
  if (search.policies) return t("Policies are no part of a saved filter: clear that one first.");
  if (countOf(search) === 0 && !search.q) return t("Nothing is filtered now.");
  return undefined;
}
