import { Anchor, Button, Stack, Text } from "@mantine/core";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useSuspenseQuery } from "../../api/queries";
import { Filter } from "../../parts/Filter";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { WhyButton } from "../../parts/WhyButton";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { kindOf } from "./kinds";
import { feedsReading } from "./reading";

const route = getRouteApi("/frame/$space/library/feeds");

/** The places packages come from. */
export function FeedsPage() {
  const spaceId = useSpaceId();
  const { filter = "" } = route.useSearch();
  const navigate = useNavigate({ from: "/$space/library/feeds" });
  const feeds = useSuspenseQuery(feedsReading(spaceId)).data;
  const may = useMay("FeedEdit", spaceId);
  const wanted = filter.toLowerCase();
  const shown = feeds.filter((each) =>
    [each.Name, each.FeedUri ?? ""].some((text) => text.toLowerCase().includes(wanted)),
  );
  return (
    <Page
      title={t("Feeds")}
      about={t("Where packages come from: the built-in repository, and feeds elsewhere.")}
      actions={
        may === false ? (
          <WhyButton why={t("You need the permission FeedEdit.")}>{t("Add a feed")}</WhyButton>
        ) : (
          <Button component={Link} to={`/${spaceId}/library/feeds/create`}>
            {t("Add a feed")}
          </Button>
        )
      }
    >
      <Stack gap="md">
        <Filter
          label={t("Part of a feed's name or address")}
          value={filter}
          onChange={(text) => void navigate({ search: text ? { filter: text } : {}, replace: true })}
        />
        <ListTable
          label={t("Feeds")}
          items={shown}
          idOf={(each) => each.Id}
          empty={<Text c="dimmed">{t("No feed matches.")}</Text>}
          columns={[
            {
              key: "name",
              head: t("Name"),
              cell: (each) => (
                <Anchor component={Link} to={`/${spaceId}/library/feeds/${each.Id}`} fw={600} inherit>
                  {each.Name}
                </Anchor>
              ),
            },
            { key: "type", head: t("Type"), cell: (each) => t(kindOf(each.FeedType).text) },
            { key: "at", head: t("Address"), cell: (each) => each.FeedUri ?? "" },
          ]}
        />
      </Stack>
    </Page>
  );
}
