import { Alert, Button, Code, CopyButton, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { post } from "../../api/client";
import { base } from "../../api/place";
import { useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { CopyAs } from "../../parts/CopyAs";
import { Form } from "../../parts/Form";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { t } from "../../text";
import {
  type AddSearch,
  type Becomes,
  type Becoming,
  command,
  inviteCommand,
  isLoopback,
  missing,
  type Way,
} from "./adding";
import classes from "./Infrastructure.module.css";
import { PlaceFields } from "./PlaceFields";
import { environmentsReading, poolsReading } from "./reads";
import { Step } from "./Step";
import { Waiting } from "./Waiting";

interface Props {
  spaceId: string;
  becomes: Becomes;
  way: Exclude<Way, "ssh">;
  search: AddSearch;
}

const listed = (text: string | undefined) => (text ?? "").split(",").filter(Boolean);

/** Adds a machine by one command that is pasted on it: what it becomes, the command, and waiting for it. */
export function AgentWizard({ spaceId, becomes, way, search }: Props) {
  const [place, setPlace] = useState<Becoming>({
    environments: listed(search.environments),
    tags: [],
    pools: listed(search.pools),
  });
  const [listen, setListen] = useState("0.0.0.0:10933");
  const [publicHost, setPublicHost] = useState("");
  const [made, setMade] = useState<{ token: Schema["RegistrationToken"]; at: number; text: string }>();
  const [connected, setConnected] = useState(false);
  const saving = useSaving(["EnvironmentIds", "Roles", "WorkerPoolIds"]);
  const why = missing(becomes, place);
  const body =
    becomes === "machines"
      ? { EnvironmentIds: [...place.environments], Roles: [...place.tags] }
      : { WorkerPoolIds: [...place.pools] };
  const submit = async () => {
    await saving.run(async () => {
      const token = await post("/api/{spaceId}/gurita/registration-tokens", { path: { spaceId }, body });
      const server = window.location.origin + base;
      const text = command({
        server,
        token: token.Token,
        space: token.SpaceId,
        way,
        pools: place.pools,
        listen,
        publicHost,
      });
      setMade({ token, at: Date.now(), text });
    });
  };
  const names = useNames(spaceId, becomes, place);
  const request = () => ({
    method: "POST" as const,
    template: "/api/{spaceId}/gurita/registration-tokens",
    path: { spaceId },
    body,
    command: inviteCommand(becomes, way, names, place.tags),
  });
  return (
    <Stack component="ol" gap="md" p={0} m={0} style={{ listStyle: "none" }}>
      <Step number={1} title={t("What it becomes")} done={Boolean(made)} current={!made}>
        <Form saving={saving} onSend={submit} gap="sm">
          <PlaceFields
            spaceId={spaceId}
            becomes={becomes}
            value={place}
            onChange={(change) => setPlace((before) => ({ ...before, ...change }))}
            errorOf={saving.errorOf}
          />
          {way === "listening" && (
            <Group grow preventGrowOverflow={false} align="flex-start">
              <TextInput
                label={t("Where the agent listens")}
                description={t("HOST:PORT on the machine. 0.0.0.0 is every address of it.")}
                value={listen}
                onChange={(event) => setListen(event.currentTarget.value)}
              />
              <TextInput
                label={t("How this server reaches it")}
                description={t("A name or an address. Without one, the machine's own full name.")}
                value={publicHost}
                onChange={(event) => setPublicHost(event.currentTarget.value)}
              />
            </Group>
          )}
          <Group gap="xs">
            <WhyButton
              type="submit"
              loading={saving.busy}
              why={why && t(why)}
              variant={made ? "default" : "filled"}
            >
              {made ? t("Make another command") : t("Make the command")}
            </WhyButton>
            <CopyAs request={request} />
          </Group>
        </Form>
      </Step>
      <Step
        number={2}
        title={t("Paste this on the machine")}
        about={t(
          "As root it installs a service with a user of its own; as anybody else it says how to keep the agent running. Linux with Python 3.11 or newer.",
        )}
        done={connected}
        current={Boolean(made)}
      >
        {made && <Command text={made.text} used={connected} />}
      </Step>
      <Step number={3} title={t("Wait for it")} done={connected} current={Boolean(made)}>
        {made && (
          <Waiting
            key={made.token.Id}
            spaceId={spaceId}
            becomes={becomes}
            way={way}
            token={made.token}
            since={made.at}
            onConnected={setConnected}
          />
        )}
      </Step>
    </Stack>
  );
}

function useNames(spaceId: string, becomes: Becomes, place: Becoming): string[] {
  const targets = becomes === "machines";
  const environments = useQuery({ ...environmentsReading(spaceId), enabled: targets }).data ?? [];
  const pools = useQuery({ ...poolsReading(spaceId), enabled: !targets }).data ?? [];
  const [ids, all] = targets ? [place.environments, environments] : [place.pools, pools];
  return ids.map((id) => all.find((each) => each.Id === id)?.Name ?? id);
}

function Command({ text, used }: { text: string; used: boolean }) {
  return (
    <>
      {isLoopback(window.location.hostname) && (
        <Alert color="yellow" styles={{ message: { color: "var(--mantine-color-text)" } }}>
          {t(
            "You opened this page at {{host}}, an address only this machine can reach. For another machine open the page by the server's name, and make the command there.",
            { host: window.location.host },
          )}
        </Alert>
      )}
      <Group align="flex-start" gap="xs">
        <Code block tabIndex={0} data-once aria-label={t("Command")} className={classes.command ?? ""}>
          {text}
        </Code>
        <CopyButton value={text} timeout={2000}>
          {({ copied, copy }) => (
            <Button variant={used ? "default" : "filled"} onClick={copy}>
              {copied ? t("Copied") : t("Copy")}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Text fz="sm" c="dimmed">
        {t("Its token works once, for an hour, and is shown only now.")}
      </Text>
    </>
  );
}
