import { FileInput, Group, PasswordInput, Text, Textarea } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useState } from "react";
import { t } from "../../text";
import { base64Of, base64OfText } from "./data";

interface Props {
  onData: (base64: string) => void;
  password: string;
  onPassword: (text: string) => void;
  errorOf: (field: string) => string | undefined;
}

/** A certificate's data: a file, or its PEM pasted; and the password, if it has one. */
export function DataFields({ onData, password, onPassword, errorOf }: Props) {
  const [file, setFile] = useState<File | null>(null);
  const [text, setText] = useState("");
  return (
    <>
      <Group grow preventGrowOverflow={false} align="flex-start">
        <FileInput
          label={t("File")}
          description={t("PFX or P12, PEM, or DER.")}
          placeholder={t("Choose a file")}
          leftSection={<IconFileUpload size="1rem" aria-hidden />}
          accept=".pfx,.p12,.pem,.crt,.cer,.der,.key"
          value={file}
          onChange={async (chosen) => {
            setFile(chosen);
            setText("");
            onData(chosen ? await base64Of(chosen) : "");
          }}
          clearable
          clearButtonProps={{ "aria-label": t("Clear") }}
          error={errorOf("CertificateData")}
        />
        <PasswordInput
          label={t("Password of the file")}
          description={t("If it has one.")}
          autoComplete="new-password"
          value={password}
          onChange={(event) => onPassword(event.currentTarget.value)}
          error={errorOf("Password")}
          visibilityToggleButtonProps={{ "aria-label": t("Show what is typed") }}
        />
      </Group>
      {!file && (
        <Textarea
          label={t("Or its PEM")}
          description={
            <Text span fz="xs">
              {t("With the chain and the private key, if they belong to it, one after another.")}
            </Text>
          }
          autosize
          minRows={3}
          maxRows={10}
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            onData(event.currentTarget.value.trim() ? base64OfText(event.currentTarget.value) : "");
          }}
        />
      )}
    </>
  );
}
