import { ActionIcon, Button, Group, Loader, Select, Text, TextInput, Tooltip } from "@mantine/core";
import {
  IconArrowBarToDown,
  IconChevronDown,
  IconChevronUp,
  IconClock,
  IconCopy,
  IconDownload,
  IconTextWrap,
  IconX,
} from "@tabler/icons-react";
import { type ComponentType, type ReactNode, useEffect, useState } from "react";
import { address, get } from "../../../api/client";
import { t, number as written } from "../../../text";
import type { TaskSearch } from "../search";
import classes from "./log.module.css";
import type { LineRange } from "./ranges";
import type { useFinding } from "./useFinding";

interface Props {
  taskId: string;
  search: TaskSearch;
  onSearch: (changes: Partial<TaskSearch>) => void;
  marked: LineRange | undefined;
  finding: ReturnType<typeof useFinding>;
  total: number;
  follow: boolean;
  running: boolean;
  /** The activity whose log is shown; undefined for all of it. */
  title: string | undefined;
  onGo: (line: number) => void;
  onEnd: () => void;
  onCopy: () => void;
}

/** What can be done with a log: look for a text, go somewhere, choose what is shown and how. */
export function LogBar(props: Props) {
  const { search, onSearch, title } = props;
  return (
    <div className={classes.bar}>
      {title && (
        <Button
          size="xs"
          variant="light"
          rightSection={<IconX size="0.9rem" aria-hidden />}
          aria-label={t("Only {{name}}: show the whole log", { name: title })}
          onClick={() => onSearch({ node: undefined })}
        >
          {title}
        </Button>
      )}
      <Select
        size="xs"
        w="8.5rem"
        aria-label={t("Which lines")}
        allowDeselect={false}
        data={[
          { value: "all", label: t("All lines") },
          { value: "Info", label: t("Without verbose") },
          { value: "Warning", label: t("Warnings, errors") },
          { value: "Error", label: t("Errors") },
        ]}
        value={search.level ?? "all"}
        onChange={(value) =>
          onSearch({ level: value === "all" || !value ? undefined : (value as TaskSearch["level"]) })
        }
      />
      <Find {...props} />
      <GoTo {...props} />
      <Group gap={4} ms="auto" wrap="nowrap">
        <Toggle
          icon={IconTextWrap}
          label={t("Wrap long lines")}
          on={search.wrap === true}
          onChange={(on) => onSearch({ wrap: on || undefined })}
        />
        <Toggle
          icon={IconClock}
          label={t("Show times")}
          on={search.times === true}
          onChange={(on) => onSearch({ times: on || undefined })}
        />
        {props.marked && (
          <Act label={t("Copy the marked lines")} onClick={props.onCopy}>
            <IconCopy size="1rem" aria-hidden />
          </Act>
        )}
        <Tooltip label={t("Download the raw log")}>
          <ActionIcon
            component="a"
            variant="default"
            aria-label={t("Download the raw log")}
            href={address("/api/tasks/{id}/raw", { id: props.taskId })}
            download={`${props.taskId}.log.txt`}
          >
            <IconDownload size="1rem" aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
    </div>
  );
}

function Find({ search, onSearch, finding, marked, onGo }: Props) {
  const [text, setText] = useState(search.find ?? "");
  useEffect(() => setText(search.find ?? ""), [search.find]);
  const { hits, whole, busy } = finding;
  const at = hits.findIndex((hit) => hit + 1 === marked?.from);
  const next = () => {
    const found = hits.find((hit) => hit + 1 > (marked?.from ?? 0));
    if (found !== undefined) onGo(found + 1);
    else if (!whole) finding.more();
    else if (hits[0] !== undefined) onGo(hits[0] + 1);
  };
  const previous = () => {
    const found = hits.findLast((hit) => hit + 1 < (marked?.from ?? Number.POSITIVE_INFINITY)) ?? hits.at(-1);
    if (found !== undefined) onGo(found + 1);
  };
  return (
    <Group gap={4} wrap="nowrap">
      <TextInput
        size="xs"
        w="9rem"
        type="search"
        data-filter
        aria-label={t("Find in the log")}
        placeholder={t("Find (press /)")}
        value={text}
        rightSection={busy && search.find ? <Loader size="0.8rem" /> : null}
        onChange={(event) => {
          setText(event.currentTarget.value);
          onSearch({ find: event.currentTarget.value || undefined });
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          if (event.shiftKey) previous();
          else next();
        }}
      />
      {search.find && (
        <>
          <Text fz="xs" c="dimmed" role="status" miw="4.5rem">
            {hits.length === 0
              ? busy || !whole
                ? t("Searching")
                : t("No hits")
              : `${at >= 0 ? `${written(at + 1)} / ` : ""}${written(hits.length)}${whole ? "" : "+"}`}
          </Text>
          <Act label={t("Previous hit")} onClick={previous}>
            <IconChevronUp size="1rem" aria-hidden />
          </Act>
          <Act label={t("Next hit")} onClick={next}>
            <IconChevronDown size="1rem" aria-hidden />
          </Act>
        </>
      )}
    </Group>
  );
}

function GoTo({ taskId, search, total, onGo, onEnd, follow, running }: Props) {
  const [text, setText] = useState("");
  const [told, setTold] = useState("");
  const firstError = async () => {
    const query = { level: "Error", node: search.node, take: 1 };
    const { Lines } = await get("/api/tasks/{id}/log/search", { path: { id: taskId }, query });
    const [found] = Lines;
    setTold(found ? "" : t("No error in this log"));
    if (found) onGo(found.Number + 1);
  };
  return (
    <Group gap={4} wrap="wrap">
      <TextInput
        size="xs"
        w="6rem"
        inputMode="numeric"
        aria-label={t("Go to line")}
        placeholder={t("Go to line")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value.replace(/\D/g, ""))}
        onKeyDown={(event) => {
          const line = Number(text);
          if (event.key !== "Enter" || line < 1) return;
          event.preventDefault();
          onGo(Math.min(line, Math.max(1, total)));
        }}
      />
      <Button size="xs" variant="default" onClick={() => void firstError()}>
        {t("First error")}
      </Button>
      <Tooltip label={running ? t("Go to the end and follow it") : t("Go to the end")}>
        <ActionIcon
          variant={follow && running ? "light" : "default"}
          aria-label={running ? t("Follow the end of the log") : t("Go to the end of the log")}
          aria-pressed={running ? follow : undefined}
          onClick={onEnd}
        >
          <IconArrowBarToDown size="1rem" aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Text fz="xs" role="status">
        {told}
      </Text>
    </Group>
  );
}

function Toggle({
  icon: Icon,
  label,
  on,
  onChange,
}: {
  icon: ComponentType<{ size?: string; "aria-hidden"?: boolean }>;
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant={on ? "light" : "default"}
        aria-label={label}
        aria-pressed={on}
        onClick={() => onChange(!on)}
      >
        <Icon size="1rem" aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

function Act({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
