import { Code, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { post, remove } from "../../api/client";
import { reading, stale, useSuspenseQuery } from "../../api/queries";
import { CopyAs } from "../../parts/CopyAs";
import { Destroy } from "../../parts/Destroy";
import { Form } from "../../parts/Form";
import { ListTable } from "../../parts/ListTable";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { useMissing } from "../../shell/missing";
import { t } from "../../text";

const FIELDS = ["Name", "Issuer", "Subject", "Audience"] as const;
const FRESH = { Name: "", Issuer: "", Subject: "", Audience: "" };
const MAKE = "/api/serviceaccounts/{account}/oidcidentities/create/v1";

/** The pipelines that may get tokens of a service account, without any key that could be stolen. */
export function OidcIdentities({ account }: { account: string }) {
  const page = useSuspenseQuery(
    reading("other", "/api/serviceaccounts/{account}/oidcidentities/v1", {
      path: { account },
      query: { take: 1000 },
    }),
  ).data;
  const why = useMissing("UserEdit");
  const drop = async (id: string) => {
    await remove("/api/serviceaccounts/{account}/oidcidentities/{id}/v1", { path: { account, id } });
    stale("other");
  };
  return (
    <Stack gap="md">
      <Section
        title={t("New pipeline")}
        about={
          <>
            {t(
              "A pipeline whose token says this issuer and subject gets a token of the account. Its audience:",
            )}{" "}
            <Code>{page.ExternalId}</Code>
          </>
        }
      >
        <NewIdentity account={account} why={why} />
      </Section>
      <ListTable
        label={t("Pipelines")}
        items={page.OidcIdentities}
        idOf={(one) => one.Id ?? ""}
        empty={<Text c="dimmed">{t("No pipeline may get tokens of this account.")}</Text>}
        columns={[
          { key: "name", head: t("Name"), cell: (one) => one.Name },
          { key: "issuer", head: t("Issuer"), cell: (one) => one.Issuer },
          { key: "subject", head: t("Subject"), cell: (one) => <Code>{one.Subject}</Code> },
          {
            key: "delete",
            head: <span className="visually-hidden">{t("Delete")}</span>,
            cell: (one) => (
              <Destroy
                action={t("Delete {{name}}", { name: one.Name })}
                name={one.Name}
                effect={t("The pipeline gets no more tokens of this account.")}
                onConfirm={() => drop(one.Id ?? "")}
                why={why}
              />
            ),
          },
        ]}
      />
    </Stack>
  );
}

function NewIdentity({ account, why }: { account: string; why: string | undefined }) {
  const [one, setOne] = useState(FRESH);
  const saving = useSaving(FIELDS);
  const body = { ...one, Audience: one.Audience || null };
  const make = async () => {
    const done = await saving.run(async () => {
      await post(MAKE, { path: { account }, body });
      stale("other");
    }, t("Saved"));
    if (done) setOne(FRESH);
  };
  const field = (name: keyof typeof FRESH) => ({
    value: one[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      setOne({ ...one, [name]: event.currentTarget.value }),
    error: saving.errorOf(name),
  });
  return (
    <Form saving={saving} onSend={make} maw="34rem">
      <TextInput label={t("Name")} required {...field("Name")} />
      <TextInput label={t("Issuer")} required placeholder="https://issuer.example" {...field("Issuer")} />
      <TextInput
        label={t("Subject")}
        required
        placeholder="repo:owner/name:ref:refs/heads/main"
        {...field("Subject")}
      />
      <TextInput
        label={t("Audience")}
        description={t("Empty for the usual one, above.")}
        {...field("Audience")}
      />
      <Group gap="xs">
        <WhyButton type="submit" loading={saving.busy} why={why}>
          {t("Add the pipeline")}
        </WhyButton>
        <CopyAs request={() => ({ method: "POST", template: MAKE, path: { account }, body })} />
      </Group>
    </Form>
  );
}
