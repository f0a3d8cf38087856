import { Button, Group, PasswordInput, Select, Stack, Switch } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { address, send } from "../../api/client";
import type { Schema } from "../../api/types";
import { Refused } from "../../parts/Refused";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { useMay } from "../../shell/session";
import { t } from "../../text";

const FORMATS = [
  { value: "Pem", label: "PEM" },
  { value: "Pkcs12", label: "PFX (PKCS #12)" },
  { value: "Der", label: "DER" },
];

/** Hands a certificate out as a file; with its private key only to who may have it, which the audit trail keeps. */
export function Export({ spaceId, certificate }: { spaceId: string; certificate: Schema["Certificate"] }) {
  const [format, setFormat] = useState("Pem");
  const [withKey, setWithKey] = useState(false);
  const [password, setPassword] = useState("");
  const saving = useSaving();
  const mayKey = useMay("CertificateExportPrivateKey", spaceId) === true;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    await saving.run(async () => {
      const query = {
        format,
        includePrivateKey: withKey,
        password,
        ...(format === "Pem" ? { pemOptions: "PrimaryAndChain" } : {}),
      };
      const place = address(
        "/api/{spaceId}/certificates/{id}/export",
        { spaceId, id: certificate.Id },
        query,
      );
      const answer = await send(place);
      save(await answer.blob(), nameIn(answer) ?? certificate.Name);
    });
  };
  return (
    <Section title={t("Export")}>
      <Stack component="form" onSubmit={submit} gap="sm">
        <Refused error={saving.error} />
        <Group align="flex-end" gap="sm">
          <Select
            label={t("As")}
            data={FORMATS}
            value={format}
            onChange={(found) => found && setFormat(found)}
            allowDeselect={false}
            w="11rem"
          />
          {(withKey || format === "Pkcs12") && (
            <PasswordInput
              label={t("Password for the file")}
              autoComplete="new-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ "aria-label": t("Show what is typed") }}
              w="14rem"
            />
          )}
          <Button type="submit" variant="default" loading={saving.busy}>
            {t("Export")}
          </Button>
        </Group>
        {certificate.HasPrivateKey && mayKey && (
          <Switch
            label={t("With its private key")}
            description={t("The audit trail keeps who took it.")}
            checked={withKey}
            onChange={(event) => setWithKey(event.currentTarget.checked)}
          />
        )}
      </Stack>
    </Section>
  );
}

const nameIn = (answer: Response): string | undefined =>
  /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1];

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
