import { Button, NumberInput, Stack, TextInput } from "@mantine/core";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { post, put, remove } from "../../api/client";
import { stale, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { Dialog } from "../../parts/Dialog";
import { Empty } from "../../parts/Empty";
import { Form } from "../../parts/Form";
import { FormEnd } from "../../parts/FormEnd";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { SecretInput } from "../../parts/SecretInput";
import { useSaving } from "../../parts/saving";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { infrastructure, proxiesReading } from "./reads";

const route = getRouteApi("/frame/$space/infrastructure/proxies");

type Proxy = Schema["Proxy"];

/** HTTP proxies the server goes through to reach machines. */
export function ProxiesPage() {
  const spaceId = useSpaceId();
  const { open } = route.useSearch();
  const navigate = useNavigate();
  const all = useSuspenseQuery(proxiesReading(spaceId)).data;
  const go = (id?: string) =>
    void navigate({ to: infrastructure(spaceId, "proxies"), search: (id ? { open: id } : {}) as never });
  const may = useMay("ProxyCreate", spaceId) !== false;
  const edited = open === "new" ? { Name: "", Host: "", Port: 80 } : all.find((each) => each.Id === open);
  const add = may && <Button onClick={() => go("new")}>{t("Add proxy")}</Button>;
  return (
    <Page
      title={t("Proxies")}
      about={t(
        "HTTP proxies that open connections to SSH hosts and listening agents. They can refuse and cut, not read: what goes through is encrypted.",
      )}
      actions={add}
    >
      <ListTable
        label={t("Proxies")}
        items={all}
        idOf={(one) => one.Id}
        empty={
          <Empty
            title={t("No proxies yet")}
            why={t("Add one if this server cannot dial some machines itself, and an HTTP proxy may.")}
          >
            {add}
          </Empty>
        }
        columns={[
          {
            key: "name",
            head: t("Name"),
            cell: (one) => (
              <Button variant="transparent" p={0} h="auto" onClick={() => go(one.Id)}>
                {one.Name}
              </Button>
            ),
          },
          { key: "host", head: t("Address"), cell: (one) => `${one.Host}:${one.Port}` },
          { key: "user", head: t("User name"), cell: (one) => one.Username ?? "" },
          {
            key: "password",
            head: t("Password"),
            cell: (one) => (one.Password?.HasValue ? t("Set") : t("Not set")),
          },
        ]}
      />
      <Dialog
        opened={Boolean(edited)}
        onClose={() => go()}
        title={open === "new" ? t("Add a proxy") : t("Change {{name}}", { name: edited?.Name ?? "" })}
      >
        {edited && <ProxyForm key={open} spaceId={spaceId} proxy={edited} onDone={() => go()} />}
      </Dialog>
    </Page>
  );
}

function ProxyForm({
  spaceId,
  proxy,
  onDone,
}: {
  spaceId: string;
  proxy: Partial<Proxy>;
  onDone: () => void;
}) {
  const [form, setForm] = useState(proxy);
  const saving = useSaving(["Name", "Host", "Port", "Username", "Password"]);
  const set = (change: Partial<Proxy>) => setForm((before) => ({ ...before, ...change }));
  const id = proxy.Id;
  const may = useMay(id ? "ProxyEdit" : "ProxyCreate", spaceId) !== false;
  const mayDelete = useMay("ProxyDelete", spaceId) !== false;
  const submit = async () => {
    const done = await saving.run(() =>
      id
        ? put("/api/{spaceId}/proxies/{id}", { path: { spaceId, id }, body: form })
        : post("/api/{spaceId}/proxies", { path: { spaceId }, body: form }),
    );
    stale("other");
    if (done) onDone();
  };
  const text = (name: "Name" | "Host" | "Username", label: string, description?: string) => (
    <TextInput
      label={label}
      description={description}
      data-autofocus={name === "Name" || undefined}
      value={form[name] ?? ""}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
      error={saving.errorOf(name)}
      readOnly={!may}
    />
  );
  return (
    <Stack>
      <Form saving={saving} onSend={submit}>
        {text("Name", t("Name"))}
        {text("Host", t("Host"))}
        <NumberInput
          label={t("Port")}
          min={1}
          max={65_535}
          value={form.Port ?? 80}
          onChange={(port) => set({ Port: Number(port) })}
          error={saving.errorOf("Port")}
          readOnly={!may}
        />
        {text("Username", t("User name"), t("If the proxy asks for one."))}
        <SecretInput
          label={t("Password")}
          value={form.Password}
          onChange={(Password) => set({ Password })}
          error={saving.errorOf("Password")}
          readOnly={!may}
        />
        {may && <FormEnd action={id ? t("Save") : t("Add proxy")} busy={saving.busy} onCancel={onDone} />}
      </Form>
      {id && mayDelete && (
        <div>
          <Destroy
            action={t("Delete the proxy {{name}}", { name: proxy.Name ?? "" })}
            name={proxy.Name ?? ""}
            effect={t("Machines that are reached through it keep it from being deleted.")}
            onConfirm={async () => {
              await remove("/api/{spaceId}/proxies/{id}", { path: { spaceId, id } });
              stale("other");
              onDone();
            }}
          />
        </div>
      )}
    </Stack>
  );
}
