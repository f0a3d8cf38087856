import { Button, Group, List, Text, TextInput } from "@mantine/core";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { post } from "../../api/client";
import { useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { ListTable } from "../../parts/ListTable";
import { Loading } from "../../parts/Loading";
import { Refused } from "../../parts/Refused";
import { Section } from "../../parts/Section";
import { StateMark } from "../../parts/StateMark";
import { useSaving } from "../../parts/saving";
import { useSpaceId } from "../../shell/space";
import { duration, t } from "../../text";
import { searchReading } from "./reading";

const route = getRouteApi("/frame/$space/library/feeds/$feed");

/** Asks a feed now, and says what came of it. */
export function FeedTest({ feed }: { feed: Schema["Feed"] }) {
  const spaceId = useSpaceId();
  const saving = useSaving();
  const [found, setFound] = useState<Schema["FeedTest"]>();
  const test = () =>
    saving.run(async () => {
      setFound(undefined);
      const path = { spaceId, id: feed.Id };
      setFound(await post("/api/{spaceId}/feeds/{id}/test", { path, body: { Term: "" } }));
    });
  return (
    <Section
      title={t("Connection")}
      about={t("Asks the feed with its saved settings.")}
      actions={
        <Button variant="default" loading={saving.busy} onClick={test}>
          {t("Test {{name}}", { name: feed.Name })}
        </Button>
      }
    >
      <Refused error={saving.error} />
      <div role="status">
        {found && (
          <>
            <Group gap="sm">
              <StateMark
                state={found.IsSuccessful ? "success" : "failed"}
                word={found.IsSuccessful ? "It answers" : "It does not answer as it should"}
              />
              <Text size="sm" c="dimmed">
                {duration(found.Milliseconds)}
              </Text>
            </Group>
            <List size="sm">
              {found.Messages.map((message) => (
                <List.Item key={message}>{message}</List.Item>
              ))}
            </List>
          </>
        )}
      </div>
    </Section>
  );
}

/** Looks for packages of a feed. What was looked for is in the address. */
export function FeedSearch({ feed }: { feed: Schema["Feed"] }) {
  const spaceId = useSpaceId();
  const { term = "" } = route.useSearch();
  const navigate = useNavigate({ from: "/$space/library/feeds/$feed" });
  const [typed, setTyped] = useState(term);
  const found = useQuery({ ...searchReading(spaceId, feed.Id, term), enabled: term !== "" });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ search: typed ? { term: typed } : {}, replace: true, resetScroll: false });
  };
  return (
    <Section title={t("Packages")} about={t("What the feed has.")}>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t("Part of a package's id")}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" variant="default">
            {t("Search")}
          </Button>
        </Group>
      </form>
      <Refused error={found.error} />
      {found.isFetching && <Loading rows={2} />}
      {found.data && (
        <ListTable
          label={t("Packages of {{name}}", { name: feed.Name })}
          items={found.data.Items}
          idOf={(each) => each.Id}
          empty={<Text c="dimmed">{t("The feed has no such package.")}</Text>}
          columns={[
            { key: "id", head: t("Package"), cell: (each) => each.Id },
            { key: "version", head: t("Newest version"), cell: (each) => each.LatestVersion },
            { key: "about", head: t("About"), cell: (each) => each.Description },
          ]}
        />
      )}
    </Section>
  );
}
