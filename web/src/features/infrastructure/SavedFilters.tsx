import { ActionIcon, Button, Group, Menu, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBookmark, IconCheck, IconDeviceFloppy, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { put } from "../../api/client";
import { stale, useQuery } from "../../api/queries";
import { Dialog } from "../../parts/Dialog";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
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
  const [name, setName] = useState("");
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
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (whyNot(search, may)) return;
    if (await save(kept(filters, filterOf(name.trim(), search)), t("The filter is kept."))) close();
  };
  return (
    <Stack>
      <Refused error={saving.error} />
      <Group component="form" onSubmit={submit} align="flex-end" wrap="nowrap">
        <TextInput
          flex={1}
          label={t("Keep what is shown now as")}
          description={t("A name that is there already is replaced.")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          withAsterisk={false}
          maxLength={60}
          data-autofocus
        />
        <WhyButton type="submit" loading={saving.busy} why={whyNot(search, may)}>
          {t("Save")}
        </WhyButton>
      </Group>
      {filters.map((filter) => (
        <Group key={filter.Name} justify="space-between" wrap="nowrap">
          <Text fz="sm" truncate>
            {filter.Name}
          </Text>
          {may && (
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={t("Remove the filter {{name}}", { name: filter.Name })}
              onClick={() =>
                void save(
                  filters.filter((each) => each !== filter),
                  t("The filter is removed."),
                )
              }
            >
              <IconTrash size="1rem" aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
    </Stack>
  );
}

/** Why what is shown cannot be kept as a filter. */
function whyNot(search: MachineSearch, may: boolean): string | undefined {
  if (!may) return t("You need the permission MachineEdit.");
  if (search.policies) return t("Policies are no part of a saved filter: clear that one first.");
  if (countOf(search) === 0 && !search.q) return t("Nothing is filtered now.");
  return undefined;
}
