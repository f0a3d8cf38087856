import { Group, NumberInput, Select, TextInput } from "@mantine/core";
import { useQuery } from "../../api/queries";
import { choicesOf } from "../../parts/PickMany";
import { t } from "../../text";
import type { Endpoint } from "./kinds";
import { accountsReading, proxiesReading } from "./reads";

interface Props {
  spaceId: string;
  value: Endpoint;
  onChange: (endpoint: Endpoint) => void;
  errorOf: (field: string) => string | undefined;
  readOnly: boolean;
}

/** How a machine is reached. Kinds this server cannot reach are left as they are. */
export function EndpointFields({ spaceId, value, onChange, errorOf, readOnly }: Props) {
  const style = value.CommunicationStyle;
  const accounts = useQuery({ ...accountsReading(spaceId), enabled: style === "Ssh" }).data ?? [];
  const signs = accounts.filter(
    (each) => each.AccountType === "SshKeyPair" || each.AccountType === "UsernamePassword",
  );
  if (value.CommunicationStyle === "Ssh")
    return (
      <>
        <Group grow preventGrowOverflow={false} align="flex-start">
          <TextInput
            label={t("Host")}
            value={value.Host ?? ""}
            onChange={(event) => onChange({ ...value, Host: event.currentTarget.value })}
            error={errorOf("Endpoint.Host")}
            readOnly={readOnly}
          />
          <NumberInput
            label={t("Port")}
            min={1}
            max={65_535}
            value={value.Port}
            onChange={(port) => onChange({ ...value, Port: Number(port) })}
            error={errorOf("Endpoint.Port")}
            readOnly={readOnly}
          />
        </Group>
        <Select
          label={t("Account")}
          description={t("A key pair or a password; see Accounts.")}
          data={choicesOf(signs)}
          value={value.AccountId}
          onChange={(AccountId) => onChange({ ...value, AccountId: AccountId ?? "" })}
          error={errorOf("Endpoint.AccountId")}
          readOnly={readOnly}
          searchable
        />
        <TextInput
          label={t("Fingerprint of its host key")}
          description={t("Several, joined by commas, while a key is exchanged: any of them is right.")}
          value={value.Fingerprint ?? ""}
          onChange={(event) => onChange({ ...value, Fingerprint: event.currentTarget.value })}
          error={errorOf("Endpoint.Fingerprint")}
          readOnly={readOnly}
        />
        <Through {...{ spaceId, value, onChange, errorOf, readOnly }} />
      </>
    );
  if (value.CommunicationStyle === "TentaclePassive" || value.CommunicationStyle === "TentacleActive")
    return (
      <>
        <TextInput
          label={t("Address")}
          description={
            value.CommunicationStyle === "TentacleActive"
              ? t("The subscription under which the agent dials in. The agent chose it.")
              : t("Where the server dials the agent: https://host:port")
          }
          value={value.Uri ?? ""}
          onChange={(event) => onChange({ ...value, Uri: event.currentTarget.value })}
          error={errorOf("Endpoint.Uri")}
          readOnly={readOnly || value.CommunicationStyle === "TentacleActive"}
        />
        <TextInput
          label={t("Fingerprint of the agent's key")}
          value={value.Thumbprint ?? ""}
          onChange={(event) => onChange({ ...value, Thumbprint: event.currentTarget.value })}
          error={errorOf("Endpoint.Thumbprint")}
          readOnly={readOnly}
        />
        {value.CommunicationStyle === "TentaclePassive" && (
          <Through {...{ spaceId, value, onChange, errorOf, readOnly }} />
        )}
      </>
    );
  return null;
}

function Through({ spaceId, value, onChange, errorOf, readOnly }: Props) {
  const proxies = useQuery(proxiesReading(spaceId)).data ?? [];
  if (!("ProxyId" in value) || (proxies.length === 0 && !value.ProxyId)) return null;
  return (
    <Select
      label={t("Through a proxy")}
      placeholder={t("Directly")}
      data={choicesOf(proxies)}
      value={value.ProxyId ?? null}
      onChange={(ProxyId) => onChange({ ...value, ProxyId } as Endpoint)}
      error={errorOf("Endpoint.ProxyId")}
      readOnly={readOnly}
      clearable
      clearButtonProps={{ "aria-label": t("Clear") }}
    />
  );
}
