import { Anchor, Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { address, remove } from "../../api/client";
import { reading, stale, useQuery, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { Empty } from "../../parts/Empty";
import { FactList } from "../../parts/FactList";
import { ListTable } from "../../parts/ListTable";
import { Loading } from "../../parts/Loading";
import { Markdown } from "../../parts/Markdown";
import { Page } from "../../parts/Page";
import { Pages } from "../../parts/Pages";
import { Refused } from "../../parts/Refused";
import { Section } from "../../parts/Section";
import { When } from "../../parts/When";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { bytes, t } from "../../text";
import { Builds } from "../releases/shared";
import classes from "./Packages.module.css";
import { packagesReading } from "./reading";
import { Uses } from "./Uses";

const route = getRouteApi("/frame/$space/library/packages/$package");
/** Versions on a page of the list. */
const TAKE = 100;

type Package = Schema["Package"];

/** One package: its versions, and of the chosen one its notes, its build, and the file. */
export function PackagePage() {
  const spaceId = useSpaceId();
  const { package: id } = route.useParams();
  const { version, page = 1 } = route.useSearch();
  const query = { nuGetPackageId: id, includeNotes: true, skip: (page - 1) * TAKE, take: TAKE };
  const { Items: items, TotalResults: total } = useSuspenseQuery(packagesReading(spaceId, query)).data;
  const here = items.find((each) => each.Version === version);
  const elsewhere = useQuery({
    ...reading("other", "/api/{spaceId}/packages/{id}", {
      path: { spaceId, id: `packages-${id}.${version}` },
    }),
    enabled: version !== undefined && !here,
  });
  if (version && !here && elsewhere.isPending) return <Loading />;
  const chosen = here ?? elsewhere.data ?? items[0];
  return (
    <Page
      title={items[0]?.PackageId ?? id}
      crumbs={[{ text: t("Packages"), to: `/${spaceId}/library/packages` }]}
      actions={chosen && <Download of={chosen} />}
      wide
    >
      {!here && <Refused error={elsewhere.error} />}
      {!chosen && (
        <Empty
          title={t("No version is left")}
          why={t("The built-in repository has no version of this package any more.")}
        />
      )}
      {chosen && (
        <div className={classes.columns}>
          <Versions items={items} total={total} chosen={chosen} />
          <Details of={chosen} />
        </div>
      )}
    </Page>
  );
}

function Download({ of }: { of: Package }) {
  const spaceId = useSpaceId();
  const may = useMay("BuiltInFeedDownload", spaceId);
  if (may === false) return null;
  return (
    <Button component="a" href={address("/api/{spaceId}/packages/{id}/raw", { spaceId, id: of.Id })} download>
      {t("Download {{version}}", { version: of.Version })}
    </Button>
  );
}

interface VersionsProps {
  /** Of the page of the list that is shown. */
  items: readonly Package[];
  /** On all pages. */
  total: number;
  chosen: Package;
}

function Versions({ items, total, chosen }: VersionsProps) {
  const spaceId = useSpaceId();
  const { package: name } = route.useParams();
  const { page = 1 } = route.useSearch();
  const navigate = useNavigate({ from: "/$space/library/packages/$package" });
  const [picked, setPicked] = useState<readonly string[]>([]);
  const pick = (id: string) =>
    setPicked((before) => (before.includes(id) ? before.filter((each) => each !== id) : [...before, id]));
  const there = items.filter((each) => picked.includes(each.Id));
  return (
    <Stack gap="md">
      <ListTable
        label={t("Versions")}
        items={items}
        idOf={(each) => each.Id}
        columns={[
          {
            key: "version",
            head: t("Version"),
            cell: (each) => (
              <Anchor
                inherit
                fw={600}
                renderRoot={(props) => (
                  <Link
                    to="/$space/library/packages/$package"
                    params={{ space: spaceId, package: name }}
                    search={{ version: each.Version, ...(page > 1 && { page }) }}
                    replace
                    resetScroll={false}
                    aria-current={each.Id === chosen.Id ? "true" : undefined}
                    {...props}
                  />
                )}
              >
                {each.Version}
              </Anchor>
            ),
          },
          {
            key: "size",
            head: t("Size"),
            end: true,
            short: true,
            cell: (each) => bytes(each.PackageSizeBytes),
          },
          { key: "when", head: t("Uploaded"), short: true, cell: (each) => <When at={each.Published} /> },
          {
            key: "pick",
            head: <span className="visually-hidden">{t("Choose")}</span>,
            end: true,
            cell: (each) => (
              <Checkbox
                size="xs"
                aria-label={t("Choose {{version}} to delete it", { version: each.Version })}
                checked={picked.includes(each.Id)}
                onChange={() => pick(each.Id)}
              />
            ),
          },
        ]}
      />
      <Pages
        total={total}
        take={TAKE}
        page={page}
        onPage={(at) => void navigate({ search: { page: at }, resetScroll: false })}
      />
      <DeleteChosen name={items[0]?.PackageId ?? name} there={there} onDone={() => setPicked([])} />
    </Stack>
  );
}

interface DeleteProps {
  name: string;
  there: readonly Package[];
  onDone: () => void;
}

function DeleteChosen({ name, there, onDone }: DeleteProps) {
  const spaceId = useSpaceId();
  const navigate = useNavigate({ from: "/$space/library/packages/$package" });
  const may = useMay("BuiltInFeedAdminister", spaceId);
  const versions = there.map((each) => each.Version).join(", ");
  const action =
    there.length > 3
      ? t("Delete {{n}} versions of {{name}}", { n: there.length, name })
      : t("Delete {{name}} {{versions}}", { name, versions });
  return (
    <Group>
      <Destroy
        action={there.length === 0 ? t("Delete versions") : action}
        name={name}
        effect={t("{{versions}} of {{name}} cannot be deployed any more, also by releases that chose it.", {
          versions,
          name,
        })}
        why={
          may === false
            ? t("You need the permission BuiltInFeedAdminister.")
            : there.length === 0
              ? t("Choose versions in the list first.")
              : undefined
        }
        onConfirm={async () => {
          await remove("/api/{spaceId}/packages/bulk", {
            path: { spaceId },
            query: { ids: there.map((each) => each.Id) },
          });
          onDone();
          stale("other");
          await navigate({ search: {}, replace: true });
        }}
      />
    </Group>
  );
}

function Details({ of }: { of: Package }) {
  const build = of.PackageVersionBuildInformation;
  return (
    <Stack gap="md">
      <Section title={t("Version {{version}}", { version: of.Version })}>
        <FactList
          facts={[
            [t("File"), `${of.PackageId}.${of.Version}${of.FileExtension}`],
            [t("Size"), bytes(of.PackageSizeBytes)],
            ["SHA-1", <code key="hash">{of.Hash}</code>],
            [t("Title"), of.Title !== of.PackageId && of.Title],
          ]}
        />
        {of.Description && <Text size="sm">{of.Description}</Text>}
      </Section>
      {of.ReleaseNotes && (
        <Section title={t("Notes")}>
          <Markdown text={of.ReleaseNotes} />
        </Section>
      )}
      {build && (
        <Section title={t("Build")}>
          <Builds builds={[build]} />
        </Section>
      )}
      <Uses packageId={of.PackageId} version={of.Version} />
    </Stack>
  );
}
