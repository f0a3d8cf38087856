import { Button, Group, TagsInput } from "@mantine/core";
import { useState } from "react";
import { post } from "../../api/client";
import { stale } from "../../api/queries";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { t } from "../../text";

/** Makes the environments releases go through, in the order typed. */
export function EnvironmentsStep({ spaceId }: { spaceId: string }) {
  const [names, setNames] = useState<string[]>(["Development", "Production"]);
  const saving = useSaving(["Name"]);
  const make = () =>
    saving.run(async () => {
      for (const Name of names)
        await post("/api/{spaceId}/environments", { path: { spaceId }, body: { Name } });
      stale("environment");
    });
  return (
    <>
      <Refused sentences={saving.others} />
      <TagsInput
        label={t("Environments, in the order releases go through them")}
        description={t("Type a name and press Enter.")}
        value={names}
        onChange={setNames}
        error={saving.errorOf("Name")}
      />
      <Group>
        <Button onClick={() => void make()} loading={saving.busy} disabled={names.length === 0}>
          {t("Make {{count}} environments", { count: names.length, one: "Make {{count}} environment" })}
        </Button>
      </Group>
    </>
  );
}
