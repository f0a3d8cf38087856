import { Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { put, remove } from "../../api/client";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { useDraft } from "../../parts/draft";
import { Refused } from "../../parts/Refused";
import { SaveBar } from "../../parts/SaveBar";
import { useSaving } from "../../parts/saving";
import { useMay } from "../../shell/session";
import { t } from "../../text";

/** The name of a set, what it is for, and deleting it. */
export function LibrarySettings({ spaceId, set }: { spaceId: string; set: Schema["LibraryVariableSet"] }) {
  const { draft, set: change, dirty, reset } = useDraft(set);
  const saving = useSaving(["Name", "Description"]);
  const navigate = useNavigate();
  const mayEdit = useMay("LibraryVariableSetEdit", spaceId);
  const mayDelete = useMay("LibraryVariableSetDelete", spaceId);
  const why = mayEdit === false ? t("This takes the permission LibraryVariableSetEdit.") : undefined;
  const path = { spaceId, id: set.Id };
  const save = async () => {
    const done = await saving.run(
      () => put("/api/{spaceId}/libraryvariablesets/{id}", { path, body: draft }),
      t("Saved {{name}}", { name: draft.Name }),
    );
    if (done) stale("other");
  };
  const destroy = async () => {
    await remove("/api/{spaceId}/libraryvariablesets/{id}", { path });
    await navigate({ to: `/${spaceId}/library/variable-sets` } as never);
    stale("other");
  };
  return (
    <Stack maw="40rem">
      <Stack
        component="form"
        onSubmit={(event: { preventDefault: () => void }) => {
          event.preventDefault();
          if (dirty && !why) void save();
        }}
      >
        <Refused sentences={saving.others} />
        <TextInput
          label={t("Name")}
          value={draft.Name}
          onChange={(event) => change({ Name: event.currentTarget.value })}
          error={saving.errorOf("Name")}
          readOnly={Boolean(why)}
          required
        />
        <Textarea
          label={t("Description")}
          value={draft.Description ?? ""}
          onChange={(event) => change({ Description: event.currentTarget.value })}
          error={saving.errorOf("Description")}
          readOnly={Boolean(why)}
          autosize
          minRows={2}
        />
        <SaveBar
          dirty={dirty}
          busy={saving.busy}
          why={why}
          onReset={reset}
          request={() => ({
            method: "PUT",
            template: "/api/{spaceId}/libraryvariablesets/{id}",
            path,
            body: draft,
          })}
        />
      </Stack>
      <Group>
        <Destroy
          action={t("Delete {{name}}", { name: set.Name })}
          name={set.Name}
          effect={t("Its variables go with it. Releases keep the values that are frozen in them.")}
          onConfirm={destroy}
          why={mayDelete === false ? t("This takes the permission LibraryVariableSetDelete.") : undefined}
        />
      </Group>
    </Stack>
  );
}
