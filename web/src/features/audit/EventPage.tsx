import { Text } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { Page } from "../../parts/Page";
import { Section } from "../../parts/Section";
import { When } from "../../parts/When";
import { t } from "../../text";
import { Details } from "./Details";
import { useEvent, useTrailPlace } from "./reads";
import { Sentence } from "./Sentence";

/** One event, at an address that stays. */
export function EventPage() {
  const { event: id = "" } = useParams({ strict: false });
  const { spaceId, to } = useTrailPlace();
  const event = useEvent(spaceId, id);
  return (
    <Page
      title={event.Id}
      crumbs={[{ text: t("Audit"), to }]}
      about={
        <>
          {event.Username}, <When at={event.Occurred} />
        </>
      }
    >
      <Section title={t("What happened")}>
        <Text>
          <Sentence event={event} />
        </Text>
        <Details event={event} />
      </Section>
    </Page>
  );
}
