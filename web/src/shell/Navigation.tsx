import { Badge, NavLink, Text } from "@mantine/core";
import { Link, useRouterState } from "@tanstack/react-router";
import { type Message, number, t } from "../text";
import { useCounts } from "./counts";
import classes from "./Frame.module.css";
import { type Place, SECTIONS, type Section } from "./navigation";
import { useMay } from "./session";
import { useSpace } from "./space";

/** The address of a place, below its space or below the server. */
export function addressOf(place: Place, section: Section, spaceId: string): string {
  const before = section.system ? "/configuration" : `/${spaceId}`;
  return place.to ? `${before}/${place.to}` : before;
}

/** The list of places at the side. */
export function Navigation() {
  const space = useSpace();
  const counts = useCounts(space?.Id ?? "");
  return (
    <>
      {SECTIONS.filter((section) => section.system || space).map((section) => (
        <div key={section.title} className={classes.section}>
          <Text fz="xs" fw={650} c="dimmed" tt="uppercase" px="sm" pt="sm" pb={4}>
            {t(section.title)}
          </Text>
          {section.places
            .filter((place) => !place.unlisted)
            .map((place) => (
              <Entry
                key={place.to}
                place={place}
                section={section}
                spaceId={space?.Id ?? ""}
                count={section.system ? undefined : counts[place.to]}
              />
            ))}
        </div>
      ))}
    </>
  );
}

/** Whether a place is the current one is decided here: a link of the router would also count what lies below. */
const ONLY_HERE = { exact: true, includeSearch: false };

interface EntryProps {
  place: Place;
  section: Section;
  spaceId: string;
  count: { count: number; says: Message } | undefined;
}

function Entry({ place, section, spaceId, count }: EntryProps) {
  const at = useRouterState({ select: (state) => state.location.pathname });
  const may = useMay(place.needs ?? "", section.system ? "" : spaceId);
  const to = addressOf(place, section, spaceId);
  const active = place.exact
    ? at.replace(/\/$/, "") === to
    : at === to || at.startsWith(`${to}/`) || under(place, section, spaceId, at);
  if (place.needs && may === false) return null;
  return (
    <NavLink
      component={Link}
      to={to}
      activeOptions={ONLY_HERE}
      label={t(place.text)}
      leftSection={<place.icon size="1.15rem" stroke={1.6} />}
      rightSection={
        count && (
          <Badge size="sm" variant="light" title={`${number(count.count)} ${t(count.says)}`}>
            {number(count.count)}
            <span className="visually-hidden"> {t(count.says)}</span>
          </Badge>
        )
      }
      active={active}
      aria-current={active ? "page" : undefined}
      fz="sm"
      py={6}
    />
  );
}

/** Pages that lie elsewhere but belong to a place: a release is a part of its project. */
function under(place: Place, section: Section, spaceId: string, at: string): boolean {
  return (place.also ?? []).some((each) =>
    at.startsWith(`${addressOf({ ...place, to: each }, section, spaceId)}/`),
  );
}
