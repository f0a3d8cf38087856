import { Anchor, Textarea, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { post } from "../../api/client";
import { reading, stale, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { useDraft } from "../../parts/draft";
import { Empty } from "../../parts/Empty";
import { Filter } from "../../parts/Filter";
import { Form } from "../../parts/Form";
import { FormEnd } from "../../parts/FormEnd";
import { LinkTabs } from "../../parts/LinkTabs";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
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
      <Dialog opened={opened} onClose={close} title={action}>
        {opened && <NewForm kind={kind} onClose={close} action={action} />}
      </Dialog>
    </>
  );
}

function NewForm({ kind, action, onClose }: { kind: Kind; action: string; onClose: () => void }) {
  const spaceId = useSpaceId();
  const navigate = useNavigate();
  const saving = useSaving(["Name", "Description"]);
  const { draft, set } = useDraft({ Name: "", Description: "" });
  const text = textFields(draft, set, saving);
  const save = () =>
    saving.run(async () => {
      const made = await post("/api/{spaceId}/libraryvariablesets", {
        path: { spaceId },
        body: { ...draft, ContentType: kind },
      });
      stale("other");
      onClose();
      await navigate({ to: `/${spaceId}/library/variable-sets/${made.Id}` } as never);
    });
  return (
    <Form saving={saving} onSend={save}>
      <TextInput label={t("Name")} required data-autofocus {...text("Name")} />
      <Textarea label={t("Description")} autosize minRows={2} {...text("Description")} />
      <FormEnd action={action} busy={saving.busy} onCancel={onClose} />
    </Form>
  );
}
