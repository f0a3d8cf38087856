import { Stack } from "@mantine/core";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { post, put, remove } from "../../api/client";
import { queries, stale, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { useDraft } from "../../parts/draft";
import { Page } from "../../parts/Page";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { FEED_FIELDS, FeedForm } from "./FeedForm";
import { FeedSearch, FeedTest } from "./FeedTrying";
import { feedBody, KINDS, kindOf, newFeed } from "./kinds";
import { feedReading, feedsReading } from "./reading";

const route = getRouteApi("/frame/$space/library/feeds/$feed");
const createRoute = getRouteApi("/frame/$space/library/feeds/create");

const crumbs = (spaceId: string) => [{ text: t("Feeds"), to: `/${spaceId}/library/feeds` }];

/** The form for a new feed; its type is in the address. */
export function NewFeedPage() {
  const spaceId = useSpaceId();
  const navigate = useNavigate();
  const { type = "NuGet" } = createRoute.useSearch();
  const [begun] = useState(() => newFeed(type in KINDS ? type : "NuGet"));
  const [feed, setFeed] = useState<Partial<Schema["Feed"]>>(begun);
  const saving = useSaving(FEED_FIELDS);
  const save = () =>
    saving.run(
      async () => {
        const made = await post("/api/{spaceId}/feeds", { path: { spaceId }, body: feedBody(feed) });
        stale("other");
        await navigate({ to: `/${spaceId}/library/feeds/${made.Id}` });
      },
      t("{{name}} is added", { name: feed.Name ?? "" }),
    );
  return (
    <Page title={t("Add a feed")} crumbs={crumbs(spaceId)}>
      <Section title={t("Feed")}>
        <FeedForm
          feed={feed}
          onChange={(changed) => setFeed((before) => ({ ...before, ...changed }))}
          saving={saving}
          dirty={feed !== begun}
          why={undefined}
          spaceId={spaceId}
          onSave={() => void save()}
          onReset={() => setFeed(begun)}
        />
      </Section>
    </Page>
  );
}

/** A feed: its settings, whether it answers, and what it has. */
export function FeedPage() {
  const spaceId = useSpaceId();
  const { feed: id } = route.useParams();
  const loaded = useSuspenseQuery(feedReading(spaceId, id)).data;
  const { draft, set, dirty, reset, settle, moved } = useDraft(loaded);
  const saving = useSaving(FEED_FIELDS);
  const may = useMay("FeedEdit", spaceId);
  const save = async () => {
    const path = { spaceId, id: loaded.Id };
    const done = await saving.run(
      async () => {
        const saved = await put("/api/{spaceId}/feeds/{id}", { path, body: feedBody(draft) });
        queries.setQueryData(feedReading(spaceId, id).queryKey, saved);
        settle(saved);
      },
      t("{{name}} is saved", { name: draft.Name }),
    );
    if (done) stale("other");
  };
  return (
    <Page title={loaded.Name} crumbs={crumbs(spaceId)} about={t(kindOf(loaded.FeedType).text)}>
      <Stack gap="md">
        <Section title={t("Settings")}>
          <FeedForm
            feed={draft}
            onChange={set}
            saving={saving}
            dirty={dirty}
            why={may === false ? t("You need the permission FeedEdit.") : undefined}
            spaceId={spaceId}
            onSave={() => void save()}
            onReset={reset}
            moved={moved}
          />
        </Section>
        <FeedTest feed={loaded} />
        <FeedSearch feed={loaded} />
        {loaded.FeedType !== "BuiltIn" && <DeleteFeed feed={loaded} />}
      </Stack>
    </Page>
  );
}

function DeleteFeed({ feed }: { feed: Schema["Feed"] }) {
  const spaceId = useSpaceId();
  const navigate = useNavigate();
  const may = useMay("FeedEdit", spaceId);
  return (
    <div>
      <Destroy
        action={t("Delete the feed {{name}}", { name: feed.Name })}
        name={feed.Name}
        effect={t(
          "Steps that take packages from it cannot be released any more. It is refused while any does.",
        )}
        why={may === false ? t("You need the permission FeedEdit.") : undefined}
        onConfirm={async () => {
          await remove("/api/{spaceId}/feeds/{id}", { path: { spaceId, id: feed.Id } });
          await navigate({ to: `/${spaceId}/library/feeds` });
          await queries.invalidateQueries({ queryKey: feedsReading(spaceId).queryKey });
        }}
      />
    </div>
  );
}
