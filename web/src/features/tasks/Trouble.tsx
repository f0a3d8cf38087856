import { Anchor, Stack, Text } from "@mantine/core";
import { useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { t } from "../../text";
import { plain } from "./log/ansi";
import { errors } from "./reads";
import classes from "./tasks.module.css";
import { type Activity, each } from "./tree";

interface Props {
  task: Schema["Task"];
  root: Activity | undefined;
  hrefOf: (line: number) => string;
  onLines: (node: string | undefined, lines: number) => void;
}

const SHOWN = 3;
const LONGEST = 600;
const short = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text);

/** What went wrong, lifted to the top: the first errors of the log with what stands around them. */
export function Trouble({ task, root, hrefOf, onLines }: Props) {
  const wrong = task.State === "Failed" || task.State === "TimedOut" || task.HasWarningsOrErrors;
  const { data } = useQuery({ ...errors(task.Id), enabled: wrong });
  const hits = data?.Lines ?? [];
  if (!wrong || (hits.length === 0 && !task.ErrorMessage)) return null;
  const names = new Map(root ? [...each(root)].map((one) => [one.Id, one.Name]) : []);
  const told = hits.some((hit) => task.ErrorMessage && hit.Text.includes(task.ErrorMessage));
  return (
    <section className={classes.card} data-tone="failed" aria-label={t("What went wrong")}>
      <h2 className={classes.heading}>{t("What went wrong")}</h2>
      <Stack gap="sm" mt="xs">
        {task.ErrorMessage && !told && <Text fz="sm">{task.ErrorMessage}</Text>}
        {hits.slice(0, SHOWN).map((hit) => (
          <div key={hit.Number}>
            <Text fz="sm" mb={2}>
              {names.get(hit.Node ?? "") ?? ""}{" "}
              <Anchor
                fz="sm"
                href={hrefOf(hit.Number + 1)}
                onClick={(event) => {
                  event.preventDefault();
                  onLines(undefined, hit.Number + 1);
                }}
              >
                {t("Line {{n}}", { n: hit.Number + 1 })}
              </Anchor>
            </Text>
            <pre className={classes.excerpt}>
              {hit.Before.map((line) => `${short(plain(line.Text))}\n`)}
              <span data-grave>{short(plain(hit.Text))}</span>
              {hit.After.map((line) => `\n${short(plain(line.Text))}`)}
            </pre>
          </div>
        ))}
        {hits.length > SHOWN && (
          <Text fz="sm" c="dimmed">
            {t("There are more errors: choose “Errors” above the log to see them all.")}
          </Text>
        )}
      </Stack>
    </section>
  );
}
