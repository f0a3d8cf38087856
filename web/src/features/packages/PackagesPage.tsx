import { Anchor, Stack, Text } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useQuery, useSuspenseQuery } from "../../api/queries";
import { Empty } from "../../parts/Empty";
import { Filter } from "../../parts/Filter";
import { ListTable } from "../../parts/ListTable";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Pages } from "../../parts/Pages";
import { Refused } from "../../parts/Refused";
import { When } from "../../parts/When";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { bytes, t } from "../../text";
import { packageAddress } from "./addresses";
import { packagesReading, statsReading } from "./reading";
import { Uploader } from "./Uploader";

const route = getRouteApi("/frame/$space/library/packages");
const TAKE = 50;

/** The built-in repository: its packages, and uploading more. */
export function PackagesPage() {
  const spaceId = useSpaceId();
  const { filter = "", page = 1 } = route.useSearch();
  const navigate = useNavigate({ from: "/$space/library/packages" });
  const stats = useSuspenseQuery(statsReading(spaceId)).data;
  const mayPush = useMay("BuiltInFeedPush", spaceId);
  const query = { latest: true, filter, skip: (page - 1) * TAKE, take: TAKE };
  const found = useQuery({ ...packagesReading(spaceId, query), placeholderData: keepPreviousData });
  const total = found.data?.TotalResults ?? 0;
  return (
    <Page
      title={t("Packages")}
      about={t("{{versions}} in the built-in repository.", {
        versions: t("{{count}} versions", { count: stats.TotalPackages, one: "{{count}} version" }),
      })}
    >
      <Stack gap="md">
        {mayPush !== false && <Uploader />}
        <Filter
          label={t("Part of a package's id")}
          value={filter}
          onChange={(text) => void navigate({ search: text ? { filter: text } : {}, replace: true })}
        />
        <Refused error={found.error} />
        {found.isPending && <Loading />}
        {found.data && (
          <ListTable
            label={t("Packages")}
            items={found.data.Items}
            idOf={(each) => each.Id}
            empty={
              filter || page > 1 ? (
                <Text c="dimmed">{t("No package matches.")}</Text>
              ) : (
                <Empty
                  title={t("No package yet")}
                  why={t("Packages are what steps deploy: zip, tar.gz, nupkg, jar and others.")}
                />
              )
            }
            columns={[
              {
                key: "id",
                head: t("Package"),
                cell: (each) => (
                  <Anchor component={Link} to={packageAddress(spaceId, each.PackageId)} fw={600} inherit>
                    {each.PackageId}
                  </Anchor>
                ),
              },
              { key: "version", head: t("Newest version"), cell: (each) => each.Version },
              {
                key: "size",
                head: t("Size"),
                end: true,
                short: true,
                cell: (each) => bytes(each.PackageSizeBytes),
              },
              {
                key: "published",
                head: t("Uploaded"),
                short: true,
                cell: (each) => <When at={each.Published} />,
              },
            ]}
          />
        )}
        <Pages
          total={total}
          take={TAKE}
          page={page}
          onPage={(at) => void navigate({ search: (before) => ({ ...before, page: at }), resetScroll: true })}
        />
      </Stack>
    </Page>
  );
}
