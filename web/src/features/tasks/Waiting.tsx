import { Anchor, List, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import { useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { When } from "../../parts/When";
import { t } from "../../text";
import { before, explained } from "./reads";
import classes from "./tasks.module.css";

/** Why a task does not go on, since when, and what is ahead of it. Nothing for one that goes on. */
export function Waiting({ task, spaceId }: { task: Schema["Task"]; spaceId: string }) {
  const open = !task.IsCompleted;
  const { data } = useQuery({ ...explained(task.Id), enabled: open });
  const ahead = useQuery({ ...before(task.Id), enabled: task.State === "Queued" }).data;
  const reasons = (data?.Reasons ?? []).filter((reason) => reason.Code !== "person");
  if (!open || reasons.length === 0) return null;
  return (
    <section className={classes.card} data-tone="waiting" aria-label={t("Why it waits")}>
      <h2 className={classes.heading}>{t("Why it waits")}</h2>
      <List size="sm" mt={4}>
        {reasons.map((reason) => (
          <List.Item key={reason.Text}>
            <Linked text={reason.Text} spaceId={spaceId} />
          </List.Item>
        ))}
      </List>
      <Text fz="sm" c="dimmed" mt={4}>
        {t("In the queue since")} <When at={task.QueueTime} />
      </Text>
      {ahead && ahead.Items.length > 0 && (
        <>
          <Text fz="sm" mt="xs">
            {t("It waits for {{count}} tasks:", { count: ahead.TotalResults, one: "It waits for one task:" })}
          </Text>
          <List size="sm">
            {ahead.Items.map((each) => (
              <List.Item key={each.Id}>
                <Anchor component={Link} to={`/${each.SpaceId ?? spaceId}/tasks/${each.Id}`}>
                  {each.Description}
                </Anchor>{" "}
                <Text span fz="sm" c="dimmed">
                  {each.State}
                </Text>
              </List.Item>
            ))}
          </List>
        </>
      )}
    </section>
  );
}

/** A sentence of the server in which tasks are links. */
function Linked({ text, spaceId }: { text: string; spaceId: string }) {
  return text.split(/(ServerTasks-\d+)/).map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a sentence never change places
    <Fragment key={at}>
      {part.startsWith("ServerTasks-") ? (
        <Anchor component={Link} to={`/${spaceId}/tasks/${part}`} inherit>
          {part}
        </Anchor>
      ) : (
        part
      )}
    </Fragment>
  ));
}
