import { Stack } from "@mantine/core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { reading, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { LinkTabs } from "../../parts/LinkTabs";
import { Page } from "../../parts/Page";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { LibrarySettings } from "./LibrarySettings";
import { LibraryUsage } from "./LibraryUsage";
import { setReading } from "./loading";
import { ScriptModule } from "./ScriptModule";
import { SetEditor } from "./SetEditor";
import type { GridSearch } from "./search";

type Search = GridSearch & { view?: "usage" | "settings" };

/** A set of the library: its values or its script, who uses it, and its name. */
export function LibrarySetPage() {
  const spaceId = useSpaceId();
  const { set: id = "" } = useParams({ strict: false }) as { set?: string };
  const search = useSearch({ strict: false }) as Search;
  const set = useSuspenseQuery(
    reading("other", "/api/{spaceId}/libraryvariablesets/{id}", { path: { spaceId, id } }),
  ).data;
  const module = set.ContentType === "ScriptModule";
  const list = `/${spaceId}/library/variable-sets`;
  const to = `${list}/${id}`;
  return (
    <Page
      title={set.Name}
      crumbs={[{ text: t("Variable sets"), to: list }]}
      about={set.Description?.split("\n", 1)[0]}
      wide
    >
      <LinkTabs
        label={t("Parts of the set")}
        tabs={[
          { text: module ? t("Script") : t("Variables"), to, current: !search.view },
          { text: t("Used by"), to, search: { view: "usage" }, current: search.view === "usage" },
          { text: t("Settings"), to, search: { view: "settings" }, current: search.view === "settings" },
        ]}
      />
      {search.view === "usage" ? (
        <LibraryUsage spaceId={spaceId} set={set} />
      ) : search.view === "settings" ? (
        <LibrarySettings key={`${set.Id}/${set.Version}`} spaceId={spaceId} set={set} />
      ) : (
        <Content spaceId={spaceId} set={set} search={search} />
      )}
    </Page>
  );
}

function Content({
  spaceId,
  set,
  search,
}: {
  spaceId: string;
  set: Schema["LibraryVariableSet"];
  search: Search;
}) {
  const loaded = useSuspenseQuery(setReading(spaceId, set.VariableSetId)).data;
  const navigate = useNavigate();
  const change = useCallback(
    (more: Partial<GridSearch>) =>
      void navigate({
        to: ".",
        search: (before: Search) => ({ ...before, ...more }),
        replace: true,
      } as never),
    [navigate],
  );
  if (set.ContentType === "ScriptModule")
    return <ScriptModule key={loaded.version} spaceId={spaceId} set={set} loaded={loaded} />;
  return (
    <Stack gap="sm">
      <SetEditor
        key={loaded.id}
        spaceId={spaceId}
        loaded={loaded}
        label={t("Variables of {{name}}", { name: set.Name })}
        search={search}
        onSearch={change}
      />
    </Stack>
  );
}
