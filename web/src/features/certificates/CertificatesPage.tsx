import { Anchor, Button, Group, Switch, Text } from "@mantine/core";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { reading, useSuspenseQuery } from "../../api/queries";
import { Dialog } from "../../parts/Dialog";
import { Empty } from "../../parts/Empty";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { moment, t } from "../../text";
import { ExpiryMark } from "./ExpiryMark";
import { Generate } from "./Generate";
import { Upload } from "./Upload";

const route = getRouteApi("/frame/$space/library/certificates");

/** The certificates of a space, the next to end first. */
export function CertificatesPage() {
  const spaceId = useSpaceId();
  const { add, archived } = route.useSearch();
  const navigate = useNavigate();
  const all = useSuspenseQuery(
    reading("other", "/api/{spaceId}/certificates/all", { path: { spaceId } }),
  ).data;
  const here = `/${spaceId}/library/certificates`;
  const go = (search: { add?: string; archived?: boolean | undefined }) =>
    void navigate({ to: here, search: search as never, replace: true });
  const may = useMay("CertificateCreate", spaceId) !== false;
  const buttons = may && (
    <>
      <Button variant="default" onClick={() => go({ add: "generate", archived })}>
        {t("Generate")}
      </Button>
      <Button onClick={() => go({ add: "upload", archived })}>{t("Upload certificate")}</Button>
    </>
  );
  const shown = all
    .filter((each) => archived || !each.Archived)
    .sort((one, other) => (one.NotAfter ?? "9").localeCompare(other.NotAfter ?? "9"));
  const done = (id: string) => void navigate({ to: `${here}/${id}` });
  return (
    <Page
      title={t("Certificates")}
      about={t(
        "Certificates, with or without their private keys, for steps and variables. Private keys are never shown.",
      )}
      actions={buttons}
    >
      {all.length === 0 ? (
        <Empty
          title={t("No certificates yet")}
          why={t(
            "Keep certificates here to use them as values of variables, and to see in time when they end.",
          )}
        >
          <Group justify="center">{buttons}</Group>
        </Empty>
      ) : (
        <>
          <Switch
            label={t("Show archived ones, too")}
            checked={archived === true}
            onChange={(event) => go({ archived: event.currentTarget.checked || undefined })}
          />
          <ListTable
            label={t("Certificates")}
            items={shown}
            idOf={(one) => one.Id}
            empty={<Text c="dimmed">{t("All of them are archived.")}</Text>}
            columns={[
              {
                key: "name",
                head: t("Name"),
                cell: (one) => (
                  <Anchor component={Link} to={`${here}/${one.Id}`} fw={550}>
                    {one.Name}
                  </Anchor>
                ),
              },
              {
                key: "subject",
                head: t("Subject"),
                cell: (one) => one.SubjectCommonName || one.SubjectDistinguishedName,
              },
              {
                key: "issuer",
                head: t("Issuer"),
                cell: (one) =>
                  one.SelfSigned ? t("Itself") : one.IssuerCommonName || one.IssuerDistinguishedName,
              },
              {
                key: "state",
                head: t("State"),
                cell: (one) => (one.Archived ? t("Archived") : <ExpiryMark certificate={one} />),
              },
              {
                key: "ends",
                head: t("Ends"),
                short: true,
                cell: (one) => one.NotAfter && moment(one.NotAfter),
              },
              { key: "key", head: t("Private key"), cell: (one) => (one.HasPrivateKey ? t("Yes") : t("No")) },
            ]}
          />
        </>
      )}
      <Dialog
        opened={add !== undefined}
        onClose={() => go({ archived })}
        title={add === "generate" ? t("Generate a self-signed certificate") : t("Upload a certificate")}
        size="lg"
      >
        {add === "upload" && <Upload spaceId={spaceId} onDone={done} onCancel={() => go({ archived })} />}
        {add === "generate" && <Generate spaceId={spaceId} onDone={done} onCancel={() => go({ archived })} />}
      </Dialog>
    </Page>
  );
}
