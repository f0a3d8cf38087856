import { Anchor, Switch, Textarea, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, useNavigate } from "@tanstack/react-router";
import { post } from "../../api/client";
import { stale, useSuspenseQuery } from "../../api/queries";
import { Dialog } from "../../parts/Dialog";
import { useDraft } from "../../parts/draft";
import { Form } from "../../parts/Form";
import { FormEnd } from "../../parts/FormEnd";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { StateMark } from "../../parts/StateMark";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { WhyButton } from "../../parts/WhyButton";
import { useMissing } from "../../shell/missing";
import { spaces } from "../../shell/session";
import { t } from "../../text";
import { word } from "../../text/shell";

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
  const { draft: body, set } = useDraft({ Name: "", Description: "", IsPrivate: false });
  const saving = useSaving(["Name", "Description", "IsPrivate"]);
  const navigate = useNavigate();
  const text = textFields(body, set, saving);
  const make = async () => {
    let id = "";
    const done = await saving.run(
      async () => {
        id = (await post("/api/spaces", { body })).Id ?? "";
        stale("other");
      },
      t("{{name}} was made, and you manage it", { name: body.Name }),
    );
    if (done) await navigate({ to: `/configuration/spaces/${id}` });
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("Add a space")}>
      <Form saving={saving} onSend={make}>
        <TextInput label={t("Name")} required data-autofocus {...text("Name")} />
        <Textarea label={t("Description")} autosize {...text("Description")} />
        <Switch
          label={t("Private")}
          description={t("Only who was given something in it is inside; administrators are not.")}
          checked={body.IsPrivate}
          onChange={(event) => set({ IsPrivate: event.currentTarget.checked })}
        />
        <FormEnd
          action={t("Add the space")}
          busy={saving.busy}
          why={body.Name ? undefined : t("A name is needed.")}
          request={() => ({
            method: "POST",
            template: "/api/spaces",
            body,
            command: `gurita space create ${word(body.Name)}${body.IsPrivate ? " --private" : ""}`,
          })}
        />
      </Form>
    </Dialog>
  );
}
