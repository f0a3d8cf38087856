import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { post } from "../../api/client";
import { base } from "../../api/place";
import { reading, useQuery } from "../../api/queries";
import { Dialog } from "../../parts/Dialog";
import { choicesOf, PickMany } from "../../parts/PickMany";
import { Refused } from "../../parts/Refused";
import { ShownOnce } from "../../parts/ShownOnce";
import { useSaving } from "../../parts/saving";
import { useMay } from "../../shell/session";
import { t } from "../../text";

/** Makes an invitation, whose address is shown once. */
export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const may = useMay("TeamView", "") === true;
  const all = useQuery({ ...reading("other", "/api/teams/all"), enabled: may && opened }).data ?? [];
  const teams = all.filter((team) => team.CanChangeMembers !== false) as { Id: string; Name: string }[];
  const [chosen, setChosen] = useState<string[]>([]);
  const [code, setCode] = useState("");
  const saving = useSaving(["AddToTeamIds"]);
  const close = () => {
    setCode("");
    setChosen([]);
    onClose();
  };
  const invite = () =>
    saving.run(async () => {
      const made = await post("/api/users/invitations", { body: { AddToTeamIds: chosen } });
      setCode(made.InvitationCode ?? "");
    });
  return (
    <Dialog opened={opened} onClose={close} title={t("Invite somebody")} size="lg">
      <Stack>
        <Refused sentences={saving.others} />
        {code ? (
          <ShownOnce
            title={t("The invitation, shown this once")}
            value={`${window.location.origin}${base}/app/register?code=${encodeURIComponent(code)}`}
            about={t(
              "Whoever opens this address within 48 hours becomes a user, once. Send it to nobody else.",
            )}
          />
        ) : (
          <>
            <Text fz="sm" c="dimmed">
              {t("They choose their own name and password. You can give away only what you hold yourself.")}
            </Text>
            <PickMany
              label={t("Teams they will belong to")}
              value={chosen}
              onChange={setChosen}
              choices={choicesOf(teams)}
              none={t("None but Everyone")}
              error={saving.errorOf("AddToTeamIds")}
            />
          </>
        )}
        <Group justify="flex-end">
          {code ? (
            <Button variant="default" onClick={close}>
              {t("Done")}
            </Button>
          ) : (
            <Button onClick={() => void invite()} loading={saving.busy}>
              {t("Make an invitation")}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}
