import {
  Alert,
  Button,
  Checkbox,
  Code,
  Group,
  NumberInput,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { get, post } from "../../api/client";
import { stale, useQuery } from "../../api/queries";
import { CopyAs } from "../../parts/CopyAs";
import { Dialog } from "../../parts/Dialog";
import { choicesOf } from "../../parts/PickMany";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { t } from "../../text";
import { NewAccount } from "../accounts/shared";
import { type AddSearch, type Becomes, type Becoming, missing, samePrint, sshStep } from "./adding";
import { FirstCheck } from "./FirstCheck";
import classes from "./Infrastructure.module.css";
import { PlaceFields } from "./PlaceFields";
import { type AnyMachine, accountsReading, pathOf, proxiesReading } from "./reads";
import { Step } from "./Step";

interface Props {
  spaceId: string;
  becomes: Becomes;
  search: AddSearch;
}

interface Host {
  name: string;
  host: string;
  port: number;
  account: string;
  proxy: string;
}

/** What the host showed, and where it was asked: another host or port makes it worthless. */
interface Shown {
  print: string;
  of: string;
}

const FIELDS = [
  "Name",
  "EnvironmentIds",
  "Roles",
  "WorkerPoolIds",
  "Endpoint.Host",
  "Endpoint.Port",
  "Endpoint.AccountId",
];
const listed = (text: string | undefined) => (text ?? "").split(",").filter(Boolean);
const placeOf = ({ host, port, proxy }: Host) => `${host.trim()}:${port}/${proxy}`;

/** Adds a host over SSH. Its key is shown and must be confirmed before anything is sent to it. */
export function SshWizard({ spaceId, becomes, search }: Props) {
  const [place, setPlace] = useState<Becoming>({
    environments: listed(search.environments),
    tags: [],
    pools: listed(search.pools),
  });
  const [host, setHost] = useState<Host>({ name: "", host: "", port: 22, account: "", proxy: "" });
  const [shown, setShown] = useState<Shown>();
  const [confirmed, setConfirmed] = useState("");
  const [made, setMade] = useState<AnyMachine>();
  const saving = useSaving(FIELDS);
  const print = shown?.of === placeOf(host) ? shown.print : "";
  const step = sshStep({
    placed: !missing(becomes, place),
    host: host.host,
    account: host.account,
    shown: print,
    confirmed: confirmed !== "" && confirmed === print,
    made: Boolean(made),
  });
  const body = bodyOf(becomes, place, host, print);
  const submit = async () => {
    await saving.run(async () => {
      const found = await post(pathOf(becomes, ""), { path: { spaceId }, body: body as never });
      setMade(found);
      stale("machine", "environment", "other");
    });
  };
  const change = (more: Partial<Host>) => setHost((before) => ({ ...before, ...more }));
  return (
    <Stack component="ol" gap="md" p={0} m={0} style={{ listStyle: "none" }}>
      <Step number={1} title={t("What it becomes")} done={step !== "place"} current={step === "place"}>
        <PlaceFields
          spaceId={spaceId}
          becomes={becomes}
          value={place}
          onChange={(more) => setPlace((before) => ({ ...before, ...more }))}
          errorOf={saving.errorOf}
        />
      </Step>
      <Step
        number={2}
        title={t("Where it is, and how to sign in")}
        done={step === "key" || step === "check"}
        current={step === "host" || step === "account"}
      >
        <HostFields spaceId={spaceId} host={host} change={change} errorOf={saving.errorOf} />
      </Step>
      <Step
        number={3}
        title={t("Check its key")}
        about={t(
          "The key tells this host from one that only pretends to be it. Compare what it shows with what it says itself.",
        )}
        done={step === "check"}
        current={step === "key"}
      >
        <KeyCheck
          spaceId={spaceId}
          becomes={becomes}
          host={host}
          print={print}
          confirmed={confirmed === print}
          onShown={(found) => setShown({ print: found, of: placeOf(host) })}
          onConfirmed={(on) => setConfirmed(on ? print : "")}
        />
      </Step>
      <Step number={4} title={t("Add it")} done={Boolean(made)} current={step === "check"}>
        <Refused sentences={saving.others} />
        {made ? (
          <FirstCheck spaceId={spaceId} becomes={becomes} id={made.Id} />
        ) : (
          <Group gap="xs">
            <Button loading={saving.busy} onClick={() => void submit()}>
              {t("Add and check it")}
            </Button>
            <CopyAs
              request={() => ({ method: "POST", template: pathOf(becomes, ""), path: { spaceId }, body })}
            />
          </Group>
        )}
      </Step>
    </Stack>
  );
}

function bodyOf(becomes: Becomes, place: Becoming, host: Host, Fingerprint: string) {
  return {
    Name: host.name.trim() || host.host.trim(),
    Endpoint: {
      CommunicationStyle: "Ssh",
      Host: host.host.trim(),
      Port: host.port,
      AccountId: host.account,
      Fingerprint,
      ProxyId: host.proxy || null,
    },
    ...(becomes === "machines"
      ? { EnvironmentIds: place.environments, Roles: place.tags }
      : { WorkerPoolIds: place.pools }),
  };
}

interface HostProps {
  spaceId: string;
  host: Host;
  change: (more: Partial<Host>) => void;
  errorOf: (field: string) => string | undefined;
}

function HostFields({ spaceId, host, change, errorOf }: HostProps) {
  const [adding, setAdding] = useState(false);
  const accounts = useQuery(accountsReading(spaceId)).data ?? [];
  const proxies = useQuery(proxiesReading(spaceId)).data ?? [];
  const signs = accounts.filter(
    (each) => each.AccountType === "SshKeyPair" || each.AccountType === "UsernamePassword",
  );
  return (
    <Stack gap="sm">
      <Group grow preventGrowOverflow={false} align="flex-start">
        <TextInput
          label={t("Host")}
          description={t("A name or an address this server can reach.")}
          value={host.host}
          onChange={(event) => change({ host: event.currentTarget.value })}
          error={errorOf("Endpoint.Host")}
        />
        <NumberInput
          label={t("Port")}
          description={t("Of its SSH server.")}
          min={1}
          max={65_535}
          value={host.port}
          onChange={(port) => change({ port: Number(port) })}
          error={errorOf("Endpoint.Port")}
        />
      </Group>
      <TextInput
        label={t("Name here")}
        description={t("Without one, the host's.")}
        value={host.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        error={errorOf("Name")}
      />
      <Group align="flex-end" gap="xs">
        <Select
          flex="1 1 14rem"
          label={t("Account")}
          description={t("The user, and the key or password, to sign in with.")}
          placeholder={signs.length > 0 ? t("Choose one") : t("None yet: add one")}
          data={choicesOf(signs)}
          value={host.account || null}
          onChange={(account) => change({ account: account ?? "" })}
          error={errorOf("Endpoint.AccountId")}
          searchable
        />
        <Button variant="default" onClick={() => setAdding(true)}>
          {t("New account")}
        </Button>
      </Group>
      {proxies.length > 0 && (
        <Select
          label={t("Through a proxy")}
          placeholder={t("Directly")}
          data={choicesOf(proxies)}
          value={host.proxy || null}
          onChange={(proxy) => change({ proxy: proxy ?? "" })}
          clearable
          clearButtonProps={{ "aria-label": t("Clear") }}
        />
      )}
      <Dialog opened={adding} onClose={() => setAdding(false)} title={t("Add an account")} size="lg">
        {adding && (
          <NewAccount
            spaceId={spaceId}
            types={["SshKeyPair", "UsernamePassword"]}
            onMade={(account) => {
              change({ account: account.Id });
              setAdding(false);
            }}
            onCancel={() => setAdding(false)}
          />
        )}
      </Dialog>
    </Stack>
  );
}

interface KeyProps {
  spaceId: string;
  becomes: Becomes;
  host: Host;
  print: string;
  confirmed: boolean;
  onShown: (print: string) => void;
  onConfirmed: (on: boolean) => void;
}

function KeyCheck({ spaceId, becomes, host, print, confirmed, onShown, onConfirmed }: KeyProps) {
  const [typed, setTyped] = useState("");
  const saving = useSaving();
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    await saving.run(async () => {
      const query = { host: host.host.trim(), port: host.port, type: "Ssh", proxyId: host.proxy };
      const found = await get(pathOf(becomes, "/discover"), { path: { spaceId }, query });
      onShown(found.Thumbprint ?? "");
    });
  };
  const same = samePrint(print, typed);
  return (
    <Stack component="form" onSubmit={ask} gap="sm">
      <Refused error={saving.error} />
      <div>
        <WhyButton type="submit" variant={print ? "default" : "filled"} loading={saving.busy}>
          {print ? t("Ask again") : t("Ask {{host}} for its key", { host: host.host.trim() })}
        </WhyButton>
      </div>
      {print && (
        <>
          <div>
            <Text fz="sm" c="dimmed">
              {t("{{host}} shows the key", { host: host.host.trim() })}
            </Text>
            <Text className={classes.print} data-fingerprint>
              {print}
            </Text>
          </div>
          <TextInput
            label={t("What the host says itself")}
            description={
              <>
                {t("On the host:")} <Code>ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub</Code>{" "}
                {t("Paste its answer, and it is compared here.")}
              </>
            }
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              onConfirmed(samePrint(print, event.currentTarget.value));
            }}
            error={
              typed.trim() && !same
                ? t("This is another key. Do not go on, unless you know why: somebody may stand between.")
                : undefined
            }
          />
          {same ? (
            <Alert color="green" styles={{ message: { color: "var(--mantine-color-text)" } }}>
              {t("They are the same.")}
            </Alert>
          ) : (
            <Checkbox
              label={t("I have compared it in another way, and it is this host's key")}
              checked={confirmed}
              onChange={(event) => onConfirmed(event.currentTarget.checked)}
            />
          )}
        </>
      )}
    </Stack>
  );
}
