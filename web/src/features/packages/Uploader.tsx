import { ActionIcon, Anchor, Button, FileButton, Group, Progress, Select, Stack, Text } from "@mantine/core";
import { IconUpload, IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { Leaving } from "../../parts/Leaving";
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

/** The files that were dropped, and the names of folders among them. */
function droppedIn(data: DataTransfer): { files: File[]; folders: string[] } {
  const files: File[] = [];
  const folders: string[] = [];
  for (const item of data.items) {
    const entry = item.webkitGetAsEntry?.();
    const file = item.getAsFile();
    if (entry?.isDirectory) folders.push(entry.name);
    else if (file) files.push(file);
  }
  return { files, folders };
}

/**
 * Takes what is dropped anywhere on the page, and says whether files are held over it. A browser that is left to itself
 * opens a file that misses its mark, and the page is gone.
 */
function useDropping(onDrop: (data: DataTransfer) => void): boolean {
  const [over, setOver] = useState(false);
  const newest = useRef(onDrop);
  newest.current = onDrop;
  useEffect(() => {
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const hold = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      setOver(false);
      newest.current(event.dataTransfer);
    };
    window.addEventListener("dragover", hold);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", hold);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, []);
  return over;
}

/** Uploads packages: by button or by dropping files, several at once, each with its progress and its own refusal. */
export function Uploader() {
  const spaceId = useSpaceId();
  const { uploads, add, refuse, cancel, again, clear } = useUploads(spaceId);
  const [mode, setMode] = useState<Overwrite>("FailIfExists");
  const reset = useRef<() => void>(null);
  const over = useDropping((data) => {
    const { files, folders } = droppedIn(data);
    add(files, mode);
    refuse(folders);
  });
  const choose = (files: File[]) => {
    add(files, mode);
    reset.current?.(); // The same file may be chosen once more.
  };
  return (
    <section className={classes.drop} data-over={over} aria-label={t("Upload packages")}>
      <Leaving
        when={uploads.some((each) => !ended(each))}
        title={t("Leave during the upload?")}
        about={t("Files are on their way. What is not there yet is canceled when you leave.")}
        action={t("Leave and cancel them")}
      />
      <Group justify="space-between" align="flex-end" gap="sm">
        <div>
          <Text fw={600}>{t("Upload packages")}</Text>
          <Text size="sm" c="dimmed">
            {t(
              "Drop files anywhere on this page, or choose them. Names carry id and version: Acme.Web.1.2.3.zip.",
            )}
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
          <FileButton multiple onChange={choose} resetRef={reset} inputProps={{ "aria-label": t("Files") }}>
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
              <Row
                key={upload.id}
                upload={upload}
                onCancel={() => cancel(upload.id)}
                onAgain={() => again(upload.id, mode)}
              />
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

interface RowProps {
  upload: Upload;
  onCancel: () => void;
  onAgain: () => void;
}

function Row({ upload, onCancel, onAgain }: RowProps) {
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
          {(upload.state === "refused" || upload.state === "canceled") && upload.size > 0 && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={onAgain}
              aria-label={t("Try again: {{name}}", { name: upload.name })}
            >
              {t("Try again")}
            </Button>
          )}
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
