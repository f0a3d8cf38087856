import { Anchor, Group, Modal, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../../api/client";
import { stale, useSuspenseQuery } from "../../api/queries";
import { CopyAs } from "../../parts/CopyAs";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { Refused } from "../../parts/Refused";
import { StateMark } from "../../parts/StateMark";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { useMissing } from "../../shell/missing";
import { spaces } from "../../shell/session";
import { t } from "../../text";

/** The spaces one may see. */
export function SpacesPage() {
  const all = useSuspenseQuery(spaces()).data;
  const [opened, dialog] = useDisclosure(false);
  return (
    <Page
      title={t("Spaces")}
      about={t("Parts of the server with walls around them: nobody sees from one into another.")}
      actions={
        <WhyButton onClick={dialog.open} why={useMissing("SpaceCreate")}>
          {t("Add a space")}
        </WhyButton>
      }
    >
      <ListTable
        label={t("Spaces")}
        items={all}
        idOf={(space) => space.Id ?? ""}
        columns={[
          {
            key: "name",
            head: t("Name"),
            cell: (space) => (
              <Anchor component={Link} to={`/configuration/spaces/${space.Id}`} inherit>
                {space.Name}
              </Anchor>
            ),
          },
          { key: "about", head: t("About"), cell: (space) => space.Description },
          {
            key: "kind",
            head: t("Kind"),
            cell: (space) =>
              [space.IsDefault && t("Default"), space.IsPrivate && t("Private")].filter(Boolean).join(", "),
          },
          {
            key: "queue",
            head: t("Tasks"),
            cell: (space) => (
              <StateMark
                state={space.TaskQueueStopped ? "waiting" : "success"}
                word={space.TaskQueueStopped ? "Stopped" : "Running"}
              />
            ),
          },
        ]}
      />
      <NewSpace opened={opened} onClose={dialog.close} />
    </Page>
  );
}

function NewSpace({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [Name, setName] = useState("");
  const [Description, setDescription] = useState("");
  const [IsPrivate, setPrivate] = useState(false);
  const saving = useSaving(["Name", "Description", "IsPrivate"]);
  const navigate = useNavigate();
  const body = { Name, Description, IsPrivate };
  const make = async () => {
    let id = "";
    const done = await saving.run(
      async () => {
        id = (await post("/api/spaces", { body })).Id ?? "";
        stale("other");
      },
      t("{{name}} was made, and you manage it", { name: Name }),
    );
    if (done) await navigate({ to: `/configuration/spaces/${id}` });
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("Add a space")}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <Stack
        component="form"
        onSubmit={(event: { preventDefault: () => void }) => {
          event.preventDefault();
          void make();
        }}
      >
        <Refused sentences={saving.others} />
        <TextInput
          label={t("Name")}
          required
          data-autofocus
          value={Name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={saving.errorOf("Name")}
        />
        <Textarea
          label={t("Description")}
          autosize
          value={Description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          error={saving.errorOf("Description")}
        />
        <Switch
          label={t("Private")}
          description={t("Only who was given something in it is inside; administrators are not.")}
          checked={IsPrivate}
          onChange={(event) => setPrivate(event.currentTarget.checked)}
        />
        <Group justify="flex-end" gap="xs">
          <CopyAs
            request={() => ({
              method: "POST",
              template: "/api/spaces",
              body,
              command: `gurita space create ${JSON.stringify(Name)}${IsPrivate ? " --private" : ""}`,
            })}
          />
          <WhyButton type="submit" loading={saving.busy} why={Name ? undefined : t("A name is needed.")}>
            {t("Add the space")}
          </WhyButton>
        </Group>
      </Stack>
    </Modal>
  );
}
