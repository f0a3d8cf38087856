import { ActionIcon, Anchor, Group, Tooltip } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconLink } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import type { Schema } from "../../api/types";
import { When } from "../../parts/When";
import { t } from "../../text";
import { Details } from "./Details";
import classes from "./EventList.module.css";
import { type AuditSearch, filtered } from "./filters";
import { useTrailPlace } from "./reads";
import { Sentence } from "./Sentence";

interface Props {
  events: readonly Schema["Event"][];
  search: AuditSearch;
  categories: ReadonlyMap<string, string>;
}

/** Events as sentences, newest first; each unfolds to what is known of it. */
export function EventList({ events, search, categories }: Props) {
  return (
    <ol className={classes.list} aria-label={t("Events")}>
      {events.map((event) => (
        <Row
          key={event.Id}
          event={event}
          search={search}
          category={categories.get(event.Category) ?? event.Category}
        />
      ))}
    </ol>
  );
}

function Row({ event, search, category }: { event: Schema["Event"]; search: AuditSearch; category: string }) {
  const navigate = useNavigate();
  const { to } = useTrailPlace();
  const opened = search.open === event.Id;
  const turn = () =>
    void navigate({
      to,
      search: { ...search, open: opened ? undefined : event.Id } as never,
      replace: true,
      resetScroll: false,
    });
  return (
    <li className={classes.row} data-event={event.Id}>
      <span className={classes.when}>
        <When at={event.Occurred} />
      </span>
      <div className={classes.sentence}>
        <Sentence event={event} />
        <div className={classes.about}>
          <Anchor
            component={Link}
            to={to}
            search={filtered(search, { users: event.UserId }) as never}
            inherit
            c="dimmed"
          >
            {event.Username}
          </Anchor>
          {" · "}
          {category}
          {event.IpAddress ? ` · ${event.IpAddress}` : ""}
        </div>
      </div>
      <Group gap={4} wrap="nowrap">
        <Tooltip label={t("Address of this event")}>
          <ActionIcon
            component={Link}
            to={`${to}/${event.Id}`}
            variant="subtle"
            color="gray"
            aria-label={t("Address of {{id}}", { id: event.Id })}
          >
            <IconLink size="1rem" aria-hidden />
          </ActionIcon>
        </Tooltip>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-expanded={opened}
          aria-label={t("Details of {{id}}", { id: event.Id })}
          onClick={turn}
        >
          {opened ? (
            <IconChevronUp size="1.1rem" aria-hidden />
          ) : (
            <IconChevronDown size="1.1rem" aria-hidden />
          )}
        </ActionIcon>
      </Group>
      {opened && (
        <div className={classes.more}>
          <Details event={event} />
        </div>
      )}
    </li>
  );
}
