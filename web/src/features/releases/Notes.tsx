import { Textarea } from "@mantine/core";
import { Markdown } from "../../parts/Markdown";
import { t } from "../../text";
import classes from "./Releases.module.css";

interface Props {
  value: string;
  onChange: (text: string) => void;
  error: string | undefined;
  help?: string | undefined;
}

/** Release notes in Markdown, with how they will look beside them. */
export function Notes({ value, onChange, error, help }: Props) {
  return (
    <div className={classes.notes}>
      <Textarea
        label={t("Release notes")}
        description={help ?? t("Markdown. What is new, for people.")}
        autosize
        minRows={5}
        maxRows={20}
        value={value}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {value.trim() !== "" && (
        <section className={classes.preview} aria-label={t("How the notes will look")}>
          <Markdown text={value} />
        </section>
      )}
    </div>
  );
}
