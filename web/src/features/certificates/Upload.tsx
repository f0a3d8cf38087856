import { Button, Group, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { post } from "../../api/client";
import { stale } from "../../api/queries";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { t } from "../../text";
import { DataFields } from "./DataFields";

interface Props {
  spaceId: string;
  onDone: (id: string) => void;
  onCancel: () => void;
}

/** The form that stores a certificate one has. */
export function Upload({ spaceId, onDone, onCancel }: Props) {
  const [name, setName] = useState("");
  const [data, setData] = useState("");
  const [password, setPassword] = useState("");
  const saving = useSaving(["Name", "CertificateData", "Password"]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    await saving.run(
      async () => {
        const secret = (text: string) => ({ HasValue: text !== "", NewValue: text || null });
        const body = { Name: name, CertificateData: secret(data), Password: secret(password) };
        const made = await post("/api/{spaceId}/certificates", { path: { spaceId }, body: body as never });
        stale("other");
        onDone(made.Id);
      },
      t("The certificate {{name}} was added", { name }),
    );
  };
  return (
    <Stack component="form" onSubmit={submit}>
      <Refused sentences={saving.others} />
      <TextInput
        label={t("Name")}
        required
        withAsterisk={false}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={saving.errorOf("Name")}
      />
      <DataFields onData={setData} password={password} onPassword={setPassword} errorOf={saving.errorOf} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          {t("Cancel")}
        </Button>
        <WhyButton
          type="submit"
          loading={saving.busy}
          why={data ? undefined : t("Choose a file, or paste its PEM.")}
        >
          {t("Add certificate")}
        </WhyButton>
      </Group>
    </Stack>
  );
}
