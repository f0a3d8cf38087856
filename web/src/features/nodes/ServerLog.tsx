import { Button, Group, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { queries, reading, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Filter } from "../../parts/Filter";
import { moment, t } from "../../text";
import classes from "./ServerLog.module.css";
import type { NodesSearch } from "./search";

const lines = () => reading("other", "/api/serverstatus/logs");

/** The newest lines of the node's own log, newest last. */
export function ServerLog() {
  const query = lines();
  const found = useSuspenseQuery(query).data;
  const { q = "" } = useSearch({ strict: false }) as NodesSearch;
  const navigate = useNavigate();
  const wanted = q.toLowerCase();
  const shown = found.filter((line) => `${line.Category} ${line.MessageText}`.toLowerCase().includes(wanted));
  return (
    <>
      <Group justify="space-between">
        <Filter
          label={t("Words of the line")}
          value={q}
          onChange={(text) =>
            void navigate({
              to: "/configuration/nodes",
              search: { tab: "log", q: text || undefined } as never,
              replace: true,
            })
          }
        />
        <Button
          variant="default"
          leftSection={<IconRefresh size="1rem" aria-hidden />}
          onClick={() => void queries.invalidateQueries({ queryKey: query.queryKey })}
        >
          {t("Read again")}
        </Button>
      </Group>
      {shown.length === 0 ? (
        <Text c="dimmed">{t("No line.")}</Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className={classes.log} tabIndex={0} aria-label={t("Log of the server")}>
          {shown.map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a log have no name
            <Line key={at} line={line} />
          ))}
        </section>
      )}
    </>
  );
}

function Line({ line }: { line: Schema["ServerLogLine"] }) {
  const bad = /error|fatal|critical/i.test(line.Category);
  return (
    <div>
      <span className={classes.quiet}>{moment(line.OccurredAt)}</span>{" "}
      <span className={bad ? classes.bad : classes.quiet}>{line.Category}</span> {line.MessageText}
      {line.Detail ? `\n${line.Detail}` : ""}
    </div>
  );
}
