import { TextInput } from "@mantine/core";
import { useState } from "react";
import { post } from "../../api/client";
import { stale } from "../../api/queries";
import { Form } from "../../parts/Form";
import { FormEnd } from "../../parts/FormEnd";
import { useSaving } from "../../parts/saving";
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
  const submit = async () => {
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
    <Form saving={saving} onSend={submit}>
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
      <FormEnd
        action={t("Add certificate")}
        busy={saving.busy}
        why={data ? undefined : t("Choose a file, or paste its PEM.")}
        onCancel={onCancel}
      />
    </Form>
  );
}
