import { Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { post } from "../../api/client";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { Form } from "../../parts/Form";
import { FormEnd } from "../../parts/FormEnd";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";

interface Props {
  releaseId: string;
  version: string;
  open: Schema["Defect"] | undefined;
}

/** Holds a release back, or lets it go on. */
export function Defects({ releaseId, version, open }: Props) {
  return open ? (
    <LetGo releaseId={releaseId} version={version} />
  ) : (
    <HoldBack releaseId={releaseId} version={version} />
  );
}

interface OneProps {
  releaseId: string;
  version: string;
}

function LetGo({ releaseId, version }: OneProps) {
  const spaceId = useSpaceId();
  const may = useMay("DefectResolve", spaceId);
  const saving = useSaving();
  const resolve = () =>
    saving.run(async () => {
      await post("/api/{spaceId}/releases/{id}/defects/resolve", { path: { spaceId, id: releaseId } });
      stale("release");
    });
  return (
    <>
      <WhyButton
        variant="default"
        size="xs"
        loading={saving.busy}
        why={may === false ? t("You need the permission DefectResolve.") : undefined}
        onClick={resolve}
      >
        {t("Let {{version}} go on", { version })}
      </WhyButton>
      <Refused error={saving.error} />
    </>
  );
}

function HoldBack({ releaseId, version }: OneProps) {
  const spaceId = useSpaceId();
  const may = useMay("DefectReport", spaceId);
  const [opened, { open, close }] = useDisclosure(false);
  const [Description, setDescription] = useState("");
  const saving = useSaving(["Description"]);
  const report = async () => {
    const done = await saving.run(() =>
      post("/api/{spaceId}/releases/{id}/defects", {
        path: { spaceId, id: releaseId },
        body: { Description },
      }),
    );
    if (!done) return;
    setDescription("");
    close();
    stale("release");
  };
  const action = t("Hold {{version}} back", { version });
  return (
    <>
      <WhyButton
        variant="default"
        size="xs"
        why={may === false ? t("You need the permission DefectReport.") : undefined}
        onClick={open}
      >
        {action}
      </WhyButton>
      <Dialog opened={opened} onClose={close} title={action}>
        <Form saving={saving} onSend={report}>
          <Text>{t("It goes to no phase it has not reached yet, until somebody lets it go on.")}</Text>
          <Textarea
            label={t("What is wrong with it")}
            autosize
            minRows={3}
            data-autofocus
            value={Description}
            error={saving.errorOf("Description")}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <FormEnd action={action} busy={saving.busy} onCancel={close} />
        </Form>
      </Dialog>
    </>
  );
}
