import { memo, useState } from "react";
import { address } from "../../../api/client";
import { languages, type Message, t, number as written } from "../../../text";
import { type Span, spansOf } from "./ansi";
import type { Line } from "./lines";
import classes from "./log.module.css";

const LONGEST = 4000;

const WORDS: Record<string, Message> = {
  Warning: "Warning",
  Wait: "Waits",
  Error: "Error",
  Fatal: "Fatal",
};

const TIME = new Intl.DateTimeFormat(languages.locale, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

interface Props {
  /** Counted from 0. */
  at: number;
  line: Line | undefined;
  taskId: string;
  marked: boolean;
  find: string;
  times: boolean;
  /** The target it came from, where that has just changed; undefined where no names are shown. */
  where: string | undefined;
  href: string;
  onPick: (at: number, shift: boolean) => void;
}

/** A line of a log: its number, which is a link, and its text as a terminal would colour it. */
export const LogLine = memo(function LogLine({ at, line, marked, where, href, onPick, ...rest }: Props) {
  const level = line?.Category ?? "Info";
  const word = WORDS[level];
  return (
    <div className={classes.line} data-line={at + 1} data-level={level} data-marked={marked || undefined}>
      <a
        href={href}
        className={classes.number}
        tabIndex={-1}
        aria-label={t("Line {{n}}", { n: at + 1 })}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          onPick(at + 1, event.shiftKey);
        }}
      >
        {at + 1}
      </a>
      {rest.times && line && (
        <time className={classes.time} dateTime={line.OccurredAt}>
          {TIME.format(new Date(line.OccurredAt))}
        </time>
      )}
      {where !== undefined && (
        <span className={classes.where} title={where}>
          {where}
        </span>
      )}
      {word && (
        <span className={classes.word} data-level={level}>
          {t(word)}
        </span>
      )}
      {line ? <Text line={line} find={rest.find} taskId={rest.taskId} /> : <Away />}
    </div>
  );
});

function Away() {
  return (
    <span className={classes.away} aria-hidden>
      …
    </span>
  );
}

function Text({ line, find, taskId }: { line: Line; find: string; taskId: string }) {
  const [whole, setWhole] = useState(false);
  const text = whole ? line.Text : line.Text.slice(0, LONGEST);
  const hidden = line.Text.length - text.length;
  return (
    <span className={classes.text}>
      {spansOf(text, find).map((span, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a line never change places
        <Piece key={at} span={span} />
      ))}
      {hidden > 0 && (
        <button type="button" className={classes.more} onClick={() => setWhole(true)}>
          {t("Show {{n}} more characters", { n: written(hidden) })}
        </button>
      )}
      {line.Length !== undefined && hidden === 0 && (
        <span className={classes.cut}>
          {t("Cut here: the line has {{n}} characters.", { n: written(line.Length) })}{" "}
          <a href={address("/api/tasks/{id}/raw", { id: taskId })}>{t("The raw log has it whole")}</a>
        </span>
      )}
    </span>
  );
}

function Piece({ span }: { span: Span }) {
  const { text, looks, kind, hit } = span;
  if (kind === "plain" && looks.length === 0 && !hit) return text;
  const names = [
    ...looks.map((look) => classes[look]),
    kind !== "plain" && classes[kind],
    hit && classes.hit,
  ];
  const className = names.filter(Boolean).join(" ");
  if (hit) return <mark className={className}>{text}</mark>;
  const title =
    kind === "masked"
      ? t("Masked: the value of a secret stood here, or something that looked like it")
      : undefined;
  return (
    <span className={className} title={title}>
      {text}
    </span>
  );
}
