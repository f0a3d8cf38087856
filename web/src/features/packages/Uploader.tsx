import { ActionIcon, Anchor, Button, FileButton, Group, Progress, Select, Stack, Text } from "@mantine/core";
import { IconUpload, IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type DragEvent, useState } from "react";
import { StateMark } from "../../parts/StateMark";
import type { State } from "../../parts/states";
import { useSpaceId } from "../../shell/space";
import { bytes, t } from "../../text";
import { packageAddress } from "./addresses";
import classes from "./Packages.module.css";
import type { Overwrite } from "./sending";
import { ended, percent, type Upload } from "./uploads";
import { useUploads } from "./useUploads";

const MODES = (): { value: Overwrite; label: string }[] => [
  { value: "FailIfExists", label: t("Refuse it") },
  { value: "OverwriteExisting", label: t("Overwrite it") },
  { value: "IgnoreIfExists", label: t("Keep what is there") },
];

/** Uploads packages: by button or by dropping files, several at once, each with its progress and its own refusal. */
export function Uploader() {
  const spaceId = useSpaceId();
  const { uploads, add, cancel, clear } = useUploads(spaceId);
  const [mode, setMode] = useState<Overwrite>("FailIfExists");
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    add([...event.dataTransfer.files], mode);
  };
  return (
    <section
      className={classes.drop}
      data-over={over}
      aria-label={t("Upload packages")}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Group justify="space-between" align="flex-end" gap="sm">
        <div>
          <Text fw={600}>{t("Upload packages")}</Text>
          <Text size="sm" c="dimmed">
            {t("Drop files here, or choose them. Names carry id and version: Acme.Web.1.2.3.zip.")}
          </Text>
        </div>
        <Group align="flex-end" gap="sm">
          <Select
            label={t("If the version is there already")}
            data={MODES()}
            value={mode}
            allowDeselect={false}
            onChange={(value) => value && setMode(value as Overwrite)}
          />
          <FileButton
            multiple
            onChange={(files) => add(files, mode)}
            inputProps={{ "aria-label": t("Files") }}
          >
            {(props) => (
              <Button {...props} leftSection={<IconUpload size="1rem" aria-hidden />}>
                {t("Upload packages")}
              </Button>
            )}
          </FileButton>
        </Group>
      </Group>
      {uploads.length > 0 && (
        <Stack gap="xs" mt="md">
          <ul className={classes.uploads} aria-label={t("Uploads")}>
            {uploads.map((upload) => (
              <Row key={upload.id} upload={upload} onCancel={() => cancel(upload.id)} />
            ))}
          </ul>
          {uploads.some(ended) && (
            <div>
              <Button variant="default" size="compact-sm" onClick={clear}>
                {t("Clear what has ended")}
              </Button>
            </div>
          )}
        </Stack>
      )}
    </section>
  );
}

const LOOKS: Record<Upload["state"], { state: State; word?: string }> = {
  waiting: { state: "queued", word: "Waiting" },
  sending: { state: "running", word: "Uploading" },
  checking: { state: "running", word: "Being checked" },
  done: { state: "success", word: "There" },
  refused: { state: "failed", word: "Refused" },
  canceled: { state: "canceled" },
};

function Row({ upload, onCancel }: { upload: Upload; onCancel: () => void }) {
  const spaceId = useSpaceId();
  return (
    <li className={classes.upload} data-upload={upload.name}>
      <Group justify="space-between" gap="sm" wrap="nowrap">
        <Text size="sm" className={classes.name}>
          {upload.packageId ? (
            <Anchor component={Link} to={packageAddress(spaceId, upload.packageId)} inherit>
              {upload.name}
            </Anchor>
          ) : (
            upload.name
          )}{" "}
          <Text span c="dimmed" inherit>
            {bytes(upload.size)}
          </Text>
        </Text>
        <Group gap="xs" wrap="nowrap">
          <StateMark {...LOOKS[upload.state]} />
          {!ended(upload) && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("Cancel {{name}}", { name: upload.name })}
              onClick={onCancel}
            >
              <IconX size="1rem" aria-hidden />
            </ActionIcon>
          )}
        </Group>
      </Group>
      {!ended(upload) && (
        <Progress
          value={percent(upload)}
          size="sm"
          mt={4}
          aria-label={t("{{name}} is uploaded to {{percent}} %", {
            name: upload.name,
            percent: percent(upload),
          })}
        />
      )}
      {upload.sentences.map((sentence) => (
        <Text key={sentence} size="sm" role="alert" c="var(--state-failed)">
          {sentence}
        </Text>
      ))}
    </li>
  );
}
