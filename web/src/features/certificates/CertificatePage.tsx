import { Alert, Anchor, Button, Code, Group, List, Text } from "@mantine/core";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { post, remove } from "../../api/client";
import { reading, stale, useQuery, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { FactList } from "../../parts/FactList";
import { Form } from "../../parts/Form";
import { Page } from "../../parts/Page";
import { Refused } from "../../parts/Refused";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { When } from "../../parts/When";
import { WhyButton } from "../../parts/WhyButton";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { moment, t } from "../../text";
import { DataFields } from "./DataFields";
import { EditCertificate } from "./EditCertificate";
import { ExpiryMark } from "./ExpiryMark";
import { Export } from "./Export";

type Certificate = Schema["Certificate"];

/** A certificate: what it says, its chain, who uses it, and what may be done with it. */
export function CertificatePage() {
  const spaceId = useSpaceId();
  const { certificate: id = "" } = useParams({ strict: false });
  const navigate = useNavigate();
  const told = reading("other", "/api/{spaceId}/certificates/{id}", { path: { spaceId, id } });
  const certificate = useSuspenseQuery(told).data;
  const saving = useSaving();
  const may = useMay("CertificateEdit", spaceId) !== false;
  const mayDelete = useMay("CertificateDelete", spaceId) !== false;
  const list = `/${spaceId}/library/certificates`;
  const path = { spaceId, id: certificate.Id };
  const turn = () =>
    saving.run(async () => {
      if (certificate.Archived) await post("/api/{spaceId}/certificates/{id}/unarchive", { path });
      else await post("/api/{spaceId}/certificates/{id}/archive", { path });
      stale("other");
    });
  return (
    <Page
      title={certificate.Name}
      crumbs={[{ text: t("Certificates"), to: list }]}
      about={
        <Group gap="xs">
          <ExpiryMark certificate={certificate} />
          {certificate.SubjectCommonName}
        </Group>
      }
      actions={
        <>
          {may && (
            <Button variant="default" loading={saving.busy} onClick={() => void turn()}>
              {certificate.Archived ? t("Take out of the archive") : t("Archive")}
            </Button>
          )}
          {mayDelete && (
            <Destroy
              action={t("Delete {{name}}", { name: certificate.Name })}
              name={certificate.Name}
              effect={t(
                "The certificate and its private key are gone for good. What uses it keeps it from being deleted.",
              )}
              why={certificate.Archived ? undefined : t("Archive it first: then nothing new can use it.")}
              onConfirm={async () => {
                await remove("/api/{spaceId}/certificates/{id}", { path });
                await navigate({ to: list, replace: true });
                stale("other");
              }}
            />
          )}
        </>
      }
    >
      <Refused error={saving.error} />
      {certificate.Archived && (
        <Alert color="gray" styles={{ message: { color: "var(--mantine-color-text)" } }}>
          {t("Archived. Nothing new can use it.")}{" "}
          {certificate.ReplacedBy && (
            <Anchor component={Link} to={`${list}/${certificate.ReplacedBy}`}>
              {t("What took its place")}
            </Anchor>
          )}
        </Alert>
      )}
      <Says certificate={certificate} />
      {!certificate.Archived && may && <Replace spaceId={spaceId} certificate={certificate} />}
      <EditCertificate spaceId={spaceId} certificate={certificate} may={may} />
      <Export spaceId={spaceId} certificate={certificate} />
      <Usages spaceId={spaceId} id={certificate.Id} />
    </Page>
  );
}

function Says({ certificate }: { certificate: Certificate }) {
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    [t("Subject"), certificate.SubjectDistinguishedName],
    [t("Other names"), certificate.SubjectAlternativeNames.join(", ")],
    [t("Issuer"), certificate.SelfSigned ? t("Itself (self-signed)") : certificate.IssuerDistinguishedName],
    [t("Valid from"), certificate.NotBefore ? moment(certificate.NotBefore) : ""],
    [
      t("Valid until"),
      certificate.NotAfter ? (
        <span key="until">
          {moment(certificate.NotAfter)} (<When at={certificate.NotAfter} />)
        </span>
      ) : (
        ""
      ),
    ],
    [t("Thumbprint"), <Code key="print">{certificate.Thumbprint}</Code>],
    [t("Serial number"), <Code key="serial">{certificate.SerialNumber}</Code>],
    [t("Signed with"), certificate.SignatureAlgorithmName],
    [t("Private key"), certificate.HasPrivateKey ? t("Set; it is never shown") : t("None")],
    [t("Came as"), certificate.CertificateDataFormat?.replace("Pem", "PEM")],
  ];
  return (
    <Section title={t("What it says")}>
      <FactList facts={rows} />
      {certificate.CertificateChain.length > 0 && (
        <div>
          <Text fw={550}>{t("Its chain")}</Text>
          <List size="sm" type="ordered">
            {certificate.CertificateChain.map((link) => (
              <List.Item key={link.Thumbprint}>
                {link.SubjectDistinguishedName} <ExpiryMark certificate={link} />
              </List.Item>
            ))}
          </List>
        </div>
      )}
    </Section>
  );
}

function Replace({ spaceId, certificate }: { spaceId: string; certificate: Certificate }) {
  const [data, setData] = useState("");
  const [password, setPassword] = useState("");
  const [opened, setOpened] = useState(false);
  const saving = useSaving(["CertificateData", "Password"]);
  const submit = async () => {
    const done = await saving.run(
      () =>
        post("/api/{spaceId}/certificates/{id}/replace", {
          path: { spaceId, id: certificate.Id },
          body: { CertificateData: data, Password: password || null },
        }),
      t("{{name}} was replaced", { name: certificate.Name }),
    );
    stale("other");
    if (done) setOpened(false);
  };
  return (
    <Section
      title={t("Replace")}
      about={t(
        "Puts other data in its place: whatever uses it uses the new one from then on. An archived copy keeps the old one.",
      )}
      actions={
        !opened && (
          <Button variant="default" onClick={() => setOpened(true)}>
            {t("Replace it")}
          </Button>
        )
      }
    >
      {opened && (
        <Form saving={saving} onSend={submit} gap="sm" maw="40rem">
          <DataFields
            onData={setData}
            password={password}
            onPassword={setPassword}
            errorOf={saving.errorOf}
          />
          <Group>
            <WhyButton
              type="submit"
              loading={saving.busy}
              why={data ? undefined : t("Choose a file, or paste its PEM.")}
            >
              {t("Replace {{name}}", { name: certificate.Name })}
            </WhyButton>
            <Button variant="default" onClick={() => setOpened(false)}>
              {t("Cancel")}
            </Button>
          </Group>
        </Form>
      )}
    </Section>
  );
}

function Usages({ spaceId, id }: { spaceId: string; id: string }) {
  const told = useQuery(
    reading(["machine", "project", "other"], "/api/{spaceId}/certificates/{id}/usages", {
      path: { spaceId, id },
    }),
  ).data;
  if (!told) return null;
  const uses = [
    ...told.ProjectUsages.map((use) => ({ ...use, to: `/${spaceId}/projects/${use.Id}/variables` })),
    ...told.LibraryVariableSetUsages.map((use) => ({
      ...use,
      to: `/${spaceId}/library/variable-sets/${use.Id}`,
    })),
    ...told.DeploymentTargetUsages.map((use) => ({
      ...use,
      to: `/${spaceId}/infrastructure/machines/${use.Id}`,
    })),
  ];
  return (
    <Section title={t("Used by")}>
      {uses.length === 0 ? (
        <Text c="dimmed">{t("Nothing uses it.")}</Text>
      ) : (
        <List size="sm">
          {uses.map((use) => (
            <List.Item key={use.Id}>
              <Anchor component={Link} to={use.to}>
                {use.Name || use.Id}
              </Anchor>
            </List.Item>
          ))}
        </List>
      )}
    </Section>
  );
}
