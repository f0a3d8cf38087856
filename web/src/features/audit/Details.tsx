import { Group, Stack, Table, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Fragment } from "react";
import type { Schema } from "../../api/types";
import { FactList } from "../../parts/FactList";
import { type Message, moment, momentUtc, t } from "../../text";
import classes from "./Details.module.css";
import { type Change, changes } from "./differences";
import { DocumentLink } from "./Sentence";

const KINDS: Record<Change["kind"], Message> = {
  added: "Added",
  removed: "Removed",
  changed: "Changed",
  moved: "Order changed",
  more: "There is more, which is not kept",
};

/** Everything that is known of an event: who, when, from where, what about, and what changed. */
export function Details({ event }: { event: Schema["Event"] }) {
  const concerned = event.RelatedDocumentIds ?? [];
  const lines = changes(event.ChangeDetails, event.Category);
  return (
    <Stack gap="md">
      <FactList
        facts={[
          [t("Event"), event.Id],
          [t("When"), `${moment(event.Occurred)} · ${momentUtc(event.Occurred)}`],
          [
            t("Who"),
            <Fragment key="who">
              <DocumentLink id={event.UserId} text={event.Username} />
              {event.IdentityEstablishedWith
                ? ` · ${t("by {{way}}", { way: event.IdentityEstablishedWith })}`
                : ""}
            </Fragment>,
          ],
          [t("From"), event.IpAddress && [event.IpAddress, event.UserAgent].filter(Boolean).join(" · ")],
          [
            t("Concerns"),
            concerned.length > 0 && (
              <Group gap="0.5rem">
                {concerned.map((id) => (
                  <span key={id}>
                    <DocumentLink id={id} spaceId={event.SpaceId ?? null} />
                  </span>
                ))}
              </Group>
            ),
          ],
        ]}
      />
      {lines.length > 0 && <Differences lines={lines} />}
    </Stack>
  );
}

function Differences({ lines }: { lines: readonly Change[] }) {
  return (
    <Table.ScrollContainer
      minWidth="32rem"
      type="native"
      tabIndex={0}
      role="region"
      aria-label={t("What changed")}
    >
      <Table verticalSpacing={4} layout="fixed" aria-label={t("What changed")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t("Member")}</Table.Th>
            <Table.Th scope="col">{t("Before")}</Table.Th>
            <Table.Th scope="col">{t("After")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line) => (
            <Table.Tr key={line.path}>
              <Table.Th scope="row" fw={500} style={{ overflowWrap: "anywhere", verticalAlign: "top" }}>
                {line.path}
                <Text fz="xs" c="dimmed">
                  {t(KINDS[line.kind])}
                </Text>
              </Table.Th>
              <Cell text={line.before} tone="before" secret={line.secret} />
              <Cell text={line.after} tone="after" secret={line.secret} />
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Cell({ text, tone, secret }: { text?: string; tone: "before" | "after"; secret?: boolean }) {
  return (
    <Table.Td style={{ verticalAlign: "top" }}>
      {text === undefined ? (
        <span className={classes.none}>–</span>
      ) : (
        <span className={`${classes.value} ${classes[tone]}`}>
          {secret && <IconLock size="0.9em" aria-label={t("secret")} />} {text}
        </span>
      )}
    </Table.Td>
  );
}
