import { Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { put, remove } from "../../api/client";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { useDraft } from "../../parts/draft";
import { Form } from "../../parts/Form";
import { SaveBar } from "../../parts/SaveBar";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { useMay } from "../../shell/session";
import { t } from "../../text";

/** The name of a set, what it is for, and deleting it. */
export function LibrarySettings({ spaceId, set }: { spaceId: string; set: Schema["LibraryVariableSet"] }) {
  const { draft, set: change, dirty, reset, settle, moved } = useDraft(set);
  const saving = useSaving(["Name", "Description"]);
  const navigate = useNavigate();
  const mayEdit = useMay("LibraryVariableSetEdit", spaceId);
  const mayDelete = useMay("LibraryVariableSetDelete", spaceId);
  const why = mayEdit === false ? t("This takes the permission LibraryVariableSetEdit.") : undefined;
  const path = { spaceId, id: set.Id };
  const save = async () => {
    const done = await saving.run(
      async () => settle(await put("/api/{spaceId}/libraryvariablesets/{id}", { path, body: draft })),
      t("Saved {{name}}", { name: draft.Name }),
    );
    if (!done) return;
    stale("other");
    reset();
  };
  const destroy = async () => {
    await remove("/api/{spaceId}/libraryvariablesets/{id}", { path });
    await navigate({ to: `/${spaceId}/library/variable-sets` } as never);
    stale("other");
  };
  const text = textFields(draft, change, saving, Boolean(why));
  return (
    <Stack maw="40rem">
      <Form saving={saving} onSend={() => dirty && !why && save()}>
        <TextInput label={t("Name")} required {...text("Name")} />
        <Textarea label={t("Description")} autosize minRows={2} {...text("Description")} />
        <SaveBar
          dirty={dirty}
          busy={saving.busy}
          why={why}
          onReset={reset}
          moved={moved}
          request={() => ({
            method: "PUT",
            template: "/api/{spaceId}/libraryvariablesets/{id}",
            path,
            body: draft,
          })}
        />
      </Form>
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
