import { Anchor, Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../../api/client";
import { reading, stale, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Empty } from "../../parts/Empty";
import { Filter } from "../../parts/Filter";
import { LinkTabs } from "../../parts/LinkTabs";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";

type Kind = "Variables" | "ScriptModule";
type LibrarySet = Schema["LibraryVariableSet"];

/** The sets of the library and the script modules: what many projects share. */
export function LibrarySetsPage() {
  const spaceId = useSpaceId();
  const { q = "", kind } = useSearch({ strict: false }) as { q?: string; kind?: "modules" };
  const wanted: Kind = kind === "modules" ? "ScriptModule" : "Variables";
  const navigate = useNavigate();
  const all = useSuspenseQuery(
    reading("other", "/api/{spaceId}/libraryvariablesets/all", { path: { spaceId } }),
  ).data as readonly LibrarySet[];
  const sets = all.filter((each) => each.ContentType === wanted);
  const found = sets.filter((each) =>
    `${each.Name} ${each.Description ?? ""}`.toLowerCase().includes(q.toLowerCase()),
  );
  const to = `/${spaceId}/library/variable-sets`;
  const search = (text: string) =>
    void navigate({
      to: ".",
      search: { ...(text ? { q: text } : {}), ...(kind ? { kind } : {}) },
      replace: true,
    } as never);
  return (
    <Page title={t("Variable sets")} actions={<NewSet kind={wanted} />}>
      <LinkTabs
        label={t("Kinds of sets")}
        tabs={[
          { text: t("Variables"), to, current: wanted === "Variables" },
          { text: t("Script modules"), to, search: { kind: "modules" }, current: wanted === "ScriptModule" },
        ]}
      />
      {sets.length > 0 && <Filter label={t("Filter by name")} value={q} onChange={search} />}
      <ListTable
        label={wanted === "Variables" ? t("Variable sets") : t("Script modules")}
        items={found}
        idOf={(set) => set.Id}
        columns={[
          {
            key: "name",
            head: t("Name"),
            cell: (set) => (
              <Anchor component={Link} to={`${to}/${set.Id}`} fz="sm">
                {set.Name}
              </Anchor>
            ),
          },
          { key: "about", head: t("Description"), cell: (set) => set.Description },
        ]}
        empty={<Nothing kind={wanted} filtered={sets.length > 0} />}
      />
    </Page>
  );
}

function Nothing({ kind, filtered }: { kind: Kind; filtered: boolean }) {
  if (filtered) return <Empty title={t("Nothing of that name")} why={t("Change the text above.")} />;
  if (kind === "ScriptModule")
    return (
      <Empty
        title={t("No script modules yet")}
        why={t(
          "A script module holds functions that the scripts of every project that includes it may call.",
        )}
      >
        <NewSet kind={kind} quiet />
      </Empty>
    );
  return (
    <Empty
      title={t("No variable sets yet")}
      why={t("A variable set holds values that many projects share, such as the address of a mail server.")}
    >
      <NewSet kind={kind} quiet />
    </Empty>
  );
}

/** The button that makes a set, and its dialog. */
function NewSet({ kind, quiet }: { kind: Kind; quiet?: boolean }) {
  const [opened, { open, close }] = useDisclosure(false);
  const may = useMay("LibraryVariableSetCreate", useSpaceId());
  const action = kind === "Variables" ? t("New variable set") : t("New script module");
  return (
    <>
      <WhyButton
        variant={quiet ? "default" : "filled"}
        onClick={open}
        why={may === false ? t("This takes the permission LibraryVariableSetCreate.") : undefined}
      >
        {action}
      </WhyButton>
      <Modal opened={opened} onClose={close} title={action} closeButtonProps={{ "aria-label": t("Close") }}>
        {opened && <NewForm kind={kind} onClose={close} action={action} />}
      </Modal>
    </>
  );
}

function NewForm({ kind, action, onClose }: { kind: Kind; action: string; onClose: () => void }) {
  const spaceId = useSpaceId();
  const navigate = useNavigate();
  const saving = useSaving(["Name", "Description"]);
  const [name, setName] = useState("");
  const [about, setAbout] = useState("");
  const save = () =>
    saving.run(async () => {
      const made = await post("/api/{spaceId}/libraryvariablesets", {
        path: { spaceId },
        body: { Name: name, Description: about, ContentType: kind },
      });
      stale("other");
      onClose();
      await navigate({ to: `/${spaceId}/library/variable-sets/${made.Id}` } as never);
    });
  return (
    <Stack
      component="form"
      onSubmit={(event: { preventDefault: () => void }) => {
        event.preventDefault();
        void save();
      }}
    >
      <Refused sentences={saving.others} />
      <TextInput
        label={t("Name")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={saving.errorOf("Name")}
        required
        data-autofocus
      />
      <Textarea
        label={t("Description")}
        value={about}
        onChange={(event) => setAbout(event.currentTarget.value)}
        error={saving.errorOf("Description")}
        autosize
        minRows={2}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("Cancel")}
        </Button>
        <Button type="submit" loading={saving.busy}>
          {action}
        </Button>
      </Group>
    </Stack>
  );
}
