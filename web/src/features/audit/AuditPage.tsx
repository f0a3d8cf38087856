import { Button, Group, Menu, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { address } from "../../api/client";
import { reading, useQuery } from "../../api/queries";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Pages } from "../../parts/Pages";
import { Refused } from "../../parts/Refused";
import { useMay } from "../../shell/session";
import { number, t } from "../../text";
import { ChainMark } from "./ChainMark";
import { EventList } from "./EventList";
import { Filters } from "./Filters";
import { type AuditSearch, filterQuery, PAGE, pageQuery, searchOf } from "./filters";
import { useEvents, useTrailPlace } from "./reads";

/** Who did what, when and from where: of a space, or of everything. */
export function AuditPage() {
  const search = searchOf(useSearch({ strict: false }));
  const { spaceId } = useTrailPlace();
  const { data, error } = useEvents(spaceId, pageQuery(search));
  const kinds = useQuery({ ...reading("other", "/api/events/categories"), staleTime: 3_600_000 }).data;
  const categories = useMemo(() => new Map((kinds ?? []).map((kind) => [kind.Id, kind.Name])), [kinds]);
  return (
    <Page
      title={t("Audit")}
      about={<ChainMark />}
      actions={
        <>
          <Export search={search} />
          {!spaceId && <TrailLink />}
        </>
      }
    >
      <Filters search={search} />
      <Refused error={error} />
      {!data && !error && <Loading />}
      {data && data.Items.length === 0 && (
        <Empty
          title={t("No event fits")}
          why={t("Everything that changes something is kept here. Take a filter away to see more.")}
        />
      )}
      {data && data.Items.length > 0 && (
        <>
          <EventList events={data.Items} search={search} categories={categories} />
          <Foot total={data.TotalResults} search={search} />
        </>
      )}
    </Page>
  );
}

function Foot({ total, search }: { total: number; search: AuditSearch }) {
  const navigate = useNavigate();
  const { to } = useTrailPlace();
  return (
    <Group justify="space-between" gap="sm">
      <Text c="dimmed" fz="sm" role="status">
        {t("{{n}} events", { n: number(total), count: total, one: "{{n}} event" })}
      </Text>
      <Pages
        total={total}
        take={PAGE}
        page={search.page ?? 1}
        onPage={(page) =>
          void navigate({
            to,
            search: { ...search, page: page > 1 ? page : undefined, open: undefined } as never,
          })
        }
      />
    </Group>
  );
}

function Export({ search }: { search: AuditSearch }) {
  const { scope } = useTrailPlace();
  const link = (more: Record<string, boolean>) =>
    address(`${scope}/events`, {}, { ...filterQuery(search), ...more });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size="1rem" aria-hidden />}>
          {t("Export")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("All events that fit the filters")}</Menu.Label>
        <Menu.Item component="a" href={link({ asCsv: true })} download>
          {t("For a spreadsheet (CSV)")}
        </Menu.Item>
        <Menu.Item component="a" href={link({ asJson: true })} download>
          {t("For programs (JSON)")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function TrailLink() {
  if (useMay("EventRetentionView", "") === false) return null;
  return (
    <Button component={Link} to="/configuration/audit/trail" variant="default">
      {t("Keeping and sending on")}
    </Button>
  );
}
