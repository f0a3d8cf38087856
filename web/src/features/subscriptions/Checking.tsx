import { Code, Stack, Text } from "@mantine/core";
import { t } from "../../text";

const SAMPLE = `import hashlib
import hmac
import time


def is_genuine(secret: str, header: str, body: bytes) -> bool:
    moment, proof = (part.split("=", 1)[1] for part in header.split(","))
    signed = f"{moment}.".encode() + body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, proof) and abs(time.time() - int(moment)) < 300
`;

/** How whoever receives a webhook makes sure that it comes from here. */
export function Checking() {
  return (
    <details>
      <Text component="summary" fz="sm">
        {t("How the receiver checks the signature")}
      </Text>
      <Stack gap="xs" mt="xs">
        <Text fz="sm">
          {t(
            "The header says “t=<seconds>,v1=<hex>”: the HMAC-SHA-256, with the secret, of the seconds, a dot and the body as it arrived. In Python:",
          )}
        </Text>
        <Code block tabIndex={0} aria-label={t("A function that checks a signature")} role="region">
          {SAMPLE}
        </Code>
        <Text fz="sm">
          {t(
            "The same event may come twice: keep X-Gurita-Delivery, and leave out what you have had. Refuse what is older than some minutes.",
          )}
        </Text>
      </Stack>
    </details>
  );
}
