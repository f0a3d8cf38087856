import { Alert, List } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Refusal, sentencesOf } from "../api/errors";
import { t } from "../text";

/** A refusal or a failure, in the server's own words. Announced to screen readers. Nothing for no error. */
export function Refused({ error, sentences }: { error?: unknown; sentences?: readonly string[] }) {
  const told = sentences ?? (error ? sentencesOf(error) : []);
  if (told.length === 0) return null;
  const ours = error !== undefined && !(error instanceof Refusal);
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title={ours ? t("This did not work") : t("This was refused")}
      styles={{ title: { color: "var(--state-failed)" }, message: { color: "var(--mantine-color-text)" } }}
    >
      {told.length === 1 ? (
        told[0]
      ) : (
        <List size="sm">
          {told.map((sentence) => (
            <List.Item key={sentence}>{sentence}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
