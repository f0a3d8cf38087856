import { ActionIcon, Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowDown, IconArrowUp, IconBooks } from "@tabler/icons-react";
import { useState } from "react";
import { put } from "../../api/client";
import { reading, stale, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { Empty } from "../../parts/Empty";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";

/** Chooses which sets of the library hold for a project, and in which order. */
export function IncludeSets({ project }: { project: Schema["Project"] }) {
  const [opened, { open, close }] = useDisclosure(false);
  const spaceId = useSpaceId();
  const sees = useMay("LibraryVariableSetView", spaceId);
  const count = (project.IncludedLibraryVariableSetIds ?? []).length;
  if (sees === false) return null;
  return (
    <>
      <Button variant="default" onClick={open} leftSection={<IconBooks size="1rem" aria-hidden />}>
        {t("Library sets ({{count}})", { count, one: "Library sets ({{count}})" })}
      </Button>
      <Dialog opened={opened} onClose={close} title={t("Sets of the library in this project")}>
        {opened && <Sets project={project} spaceId={spaceId} onClose={close} />}
      </Dialog>
    </>
  );
}

function Sets({
  project,
  spaceId,
  onClose,
}: {
  project: Schema["Project"];
  spaceId: string;
  onClose: () => void;
}) {
  const { data } = useQuery(
    reading("other", "/api/{spaceId}/libraryvariablesets/all", { path: { spaceId } }),
  );
  const may = useMay("ProjectEdit", spaceId);
  const [chosen, setChosen] = useState<readonly string[]>(project.IncludedLibraryVariableSetIds ?? []);
  const saving = useSaving();
  const sets = (data ?? []) as readonly Schema["LibraryVariableSet"][];
  const ordered = [
    ...chosen.flatMap((id) => sets.find((each) => each.Id === id) ?? []),
    ...sets.filter((each) => !chosen.includes(each.Id)),
  ];
  const save = async () => {
    const done = await saving.run(
      () =>
        put("/api/{spaceId}/projects/{id}", {
          path: { spaceId, id: project.Id },
          body: { ...project, IncludedLibraryVariableSetIds: [...chosen] },
        }),
      t("Saved which sets are included"),
    );
    if (!done) return;
    stale("project", "other");
    onClose();
  };
  if (data && sets.length === 0)
    return (
      <Empty
        title={t("The library has no sets")}
        why={t("Make one under Variable sets; projects that include it use its variables.")}
      />
    );
  return (
    <Stack>
      <Text fz="sm" c="dimmed">
        {t("Where values are equally specific, the project's own wins, then the set further down.")}
      </Text>
      <Refused error={saving.error} />
      <Stack gap="xs">
        {ordered.map((set) => (
          <Group key={set.Id} justify="space-between" wrap="nowrap">
            <Checkbox
              label={set.Name}
              description={set.ContentType === "ScriptModule" ? t("Script module") : set.Description}
              checked={chosen.includes(set.Id)}
              onChange={(event) =>
                setChosen(
                  event.currentTarget.checked ? [...chosen, set.Id] : chosen.filter((id) => id !== set.Id),
                )
              }
            />
            {chosen.includes(set.Id) && (
              <Order id={set.Id} name={set.Name} chosen={chosen} onMove={setChosen} />
            )}
          </Group>
        ))}
      </Stack>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("Cancel")}
        </Button>
        <WhyButton
          onClick={() => void save()}
          loading={saving.busy}
          why={may === false ? t("This takes the permission ProjectEdit.") : undefined}
        >
          {t("Save which sets are included")}
        </WhyButton>
      </Group>
    </Stack>
  );
}

function Order({
  id,
  name,
  chosen,
  onMove,
}: {
  id: string;
  name: string;
  chosen: readonly string[];
  onMove: (order: readonly string[]) => void;
}) {
  const at = chosen.indexOf(id);
  const move = (to: number) => {
    const rest = chosen.filter((each) => each !== id);
    onMove([...rest.slice(0, to), id, ...rest.slice(to)]);
  };
  return (
    <Group gap={4} wrap="nowrap">
      <ActionIcon
        variant="default"
        aria-label={t("Move {{name}} up", { name })}
        disabled={at === 0}
        onClick={() => move(at - 1)}
      >
        <IconArrowUp size="1rem" aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="default"
        aria-label={t("Move {{name}} down", { name })}
        disabled={at === chosen.length - 1}
        onClick={() => move(at + 1)}
      >
        <IconArrowDown size="1rem" aria-hidden />
      </ActionIcon>
    </Group>
  );
}
