import { Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "../../parts/Dialog";
import { t } from "../../text";
import type { Editor } from "./editor";
import type { Scope } from "./model";
import { ScopeList } from "./ScopeList";
import { type Bulk, changed } from "./scopes";

interface Props {
  editor: Editor;
  ids: readonly string[];
  onClose: () => void;
  announce: (text: string) => void;
}

/** Changes the scope of many rows at once. */
export function BulkScope({ editor, ids, onClose, announce }: Props) {
  const [how, setHow] = useState<Bulk>("add");
  const [scope, setScope] = useState<Scope>({});
  const { edits, dispatch, loaded } = editor;
  const apply = () => {
    const patches = ids.flatMap((id) => {
      const row = edits.rows.get(id);
      return row ? [[id, { scope: changed(row.scope, how, scope) }] as const] : [];
    });
    dispatch({ do: "set", patches });
    announce(
      t("Changed the scope of {{count}} rows", {
        count: ids.length,
        one: "Changed the scope of {{count}} row",
      }),
    );
    onClose();
  };
  const action = t("Change the scope of {{count}} rows", {
    count: ids.length,
    one: "Change the scope of {{count}} row",
  });
  return (
    <Dialog opened onClose={onClose} title={action}>
      <Stack>
        <SegmentedControl
          aria-label={t("How")}
          value={how}
          onChange={(value) => setHow(value as Bulk)}
          data={[
            { value: "add", label: t("Add") },
            { value: "remove", label: t("Take away") },
            { value: "replace", label: t("Replace") },
          ]}
        />
        <ScopeList
          label={t("What the values are limited to")}
          book={loaded.book}
          value={scope}
          onChange={setScope}
          focus
        />
        <Text fz="sm">{loaded.book.text(scope) || t("Nothing chosen yet.")}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("Cancel")}
          </Button>
          <Button onClick={apply}>{action}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
