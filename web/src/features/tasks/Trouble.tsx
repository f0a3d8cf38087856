import { Anchor, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { t } from "../../text";
import { plain } from "./log/ansi";
import { errors } from "./reads";
import classes from "./tasks.module.css";
import type { Activity } from "./tree";
import { type Excerpt, excerptsOf, failures } from "./trouble";

interface Props {
  task: Schema["Task"];
  root: Activity | undefined;
  hrefOf: (line: number) => string;
  onLines: (node: string | undefined, lines: number | undefined) => void;
}

const SHOWN = 2;
const FEW = 6;
const LONGEST = 400;
const short = (text: string) => {
  const whole = plain(text);
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST)} …` : whole;
};

/** What made a task fail, lifted to the top: the first errors of the first target that failed, with their context. */
export function Trouble({ task, root, hrefOf, onLines }: Props) {
  const wrong = task.State === "Failed" || task.State === "TimedOut";
  const failed = root ? failures(root) : [];
  const [first, ...others] = failed;
  const { data } = useQuery({ ...errors(task.Id, first?.Id ?? ""), enabled: wrong });
  if (!wrong) return null;
  const pieces = excerptsOf(data?.Lines ?? []);
  return (
    <section className={classes.card} data-tone="failed" aria-label={t("What went wrong")}>
      <h2 className={classes.heading}>{t("What went wrong")}</h2>
      <Stack gap="xs" mt={4}>
        {(first?.ProgressMessage || task.ErrorMessage) && (
          <Text fz="sm">
            {first ? `${first.Name}: ${first.ProgressMessage || task.ErrorMessage}` : task.ErrorMessage}
          </Text>
        )}
        {pieces.slice(0, SHOWN).map((piece) => (
          <Piece key={piece.lines[0]?.number ?? 0} piece={piece} hrefOf={hrefOf} onLines={onLines} />
        ))}
        {others.length > 0 && (
          <Group gap="xs">
            <Text fz="sm">{t("It also failed on")}</Text>
            {others.slice(0, FEW).map((one) => (
              <Anchor
                key={one.Id}
                component="button"
                type="button"
                fz="sm"
                onClick={() => onLines(one.Id, undefined)}
              >
                {one.Name}
              </Anchor>
            ))}
            {others.length > FEW && (
              <Text fz="sm">{t("and {{count}} more", { count: others.length - FEW })}</Text>
            )}
          </Group>
        )}
      </Stack>
    </section>
  );
}

function Piece({ piece, hrefOf, onLines }: { piece: Excerpt } & Pick<Props, "hrefOf" | "onLines">) {
  const at = (piece.lines.find((line) => line.grave)?.number ?? 0) + 1;
  return (
    <div>
      <pre className={classes.excerpt}>
        {piece.lines.map((line) => (
          <span key={line.number} data-grave={line.grave || undefined}>{`${short(line.text)}\n`}</span>
        ))}
      </pre>
      <Anchor
        fz="sm"
        href={hrefOf(at)}
        onClick={(event) => {
          event.preventDefault();
          onLines(undefined, at);
        }}
      >
        {t("Line {{n}} of the log", { n: at })}
      </Anchor>
    </div>
  );
}
