import { Anchor, Button, Code, Group, List, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { base } from "../../api/place";
import { reading, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { useNow } from "../../parts/clock";
import { StateMark } from "../../parts/StateMark";
import type { State } from "../../parts/states";
import { duration, t } from "../../text";
import { type Becomes, type Stage, stageOf, type Way } from "./adding";
import { check } from "./checking";
import { type AnyMachine, infrastructure, machineReading, machineTasks } from "./reads";
import { TaskLine } from "./TaskLine";

interface Props {
  spaceId: string;
  becomes: Becomes;
  way: Way;
  token: Schema["RegistrationToken"];
  /** When the command was made, in milliseconds. */
  since: number;
  /** Told whether the machine has come and is reached. */
  onConnected: (connected: boolean) => void;
}

const MARKS: Record<Stage, readonly [State, string]> = {
  waiting: ["running", "Waiting for it"],
  late: ["running", "Still waiting"],
  gone: ["failed", "The token has expired"],
  registered: ["running", "Registered. Waiting for its connection"],
  connected: ["success", "Connected"],
  unreached: ["failed", "Registered, but not reached"],
};

/** Waits for the machine that comes with a token, tells what happens, and what to look at when nothing does. */
export function Waiting({ spaceId, becomes, way, token, since, onConnected }: Props) {
  const now = useNow();
  const told = reading(["machine", "task", "other"], "/api/{spaceId}/gurita/registration-tokens/{id}", {
    path: { spaceId, id: token.Id },
  });
  const state = useQuery(told).data;
  const id = state?.MachineId ?? "";
  const machine: AnyMachine | undefined = useQuery({
    ...machineReading(spaceId, becomes, id),
    enabled: Boolean(id),
  }).data;
  const looked = useQuery({ ...machineTasks(spaceId, becomes, id), enabled: Boolean(id) }).data?.Items[0];
  useAgain(spaceId, machine, looked);
  const registered = state?.Used ? now - new Date(state.Used).getTime() : 0;
  const expired = state?.IsExpired || now > new Date(token.Expires).getTime();
  const stage = stageOf({
    used: Boolean(id),
    expired,
    waited: now - since,
    since: registered,
    health: machine?.HealthStatus,
  });
  const connected = stage === "connected";
  useEffect(() => onConnected(connected), [connected, onConnected]);
  const [mark, word] = MARKS[stage];
  return (
    <Stack gap="sm" data-stage={stage}>
      <Group gap="xs" role="status">
        <StateMark state={mark} word={word} />
        {machine && (
          <Anchor component={Link} to={infrastructure(spaceId, `${becomes}/${machine.Id}`)} fw={550}>
            {machine.Name}
          </Anchor>
        )}
        {(stage === "waiting" || stage === "late") && (
          <Text fz="sm" c="dimmed" aria-hidden>
            {duration(Math.max(0, now - since))}
          </Text>
        )}
      </Group>
      {connected && machine && (
        <>
          <Text fz="sm">{machine.StatusSummary}</Text>
          <Group>
            <Button component={Link} to={infrastructure(spaceId, `${becomes}/${machine.Id}`)}>
              {t("Open {{name}}", { name: machine.Name })}
            </Button>
          </Group>
        </>
      )}
      {looked && <TaskLine spaceId={spaceId} id={looked.Id} />}
      {stage === "gone" && <Text>{t("Make another command above, and paste that one.")}</Text>}
      {stage === "late" && <NothingCame />}
      {stage === "unreached" && <NotReached way={way} machine={machine} />}
    </Stack>
  );
}

const MOST_CHECKS = 6;

/** The first check of an agent that starts only now comes too early: checks it again a few times, ever less often. */
function useAgain(spaceId: string, machine: AnyMachine | undefined, last: Schema["Task"] | undefined) {
  const checks = useRef(0);
  const id = machine?.HealthStatus === "Unavailable" && last?.IsCompleted ? machine.Id : "";
  const after = last?.Id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each check that has ended may be followed by another
  useEffect(() => {
    if (!id || checks.current >= MOST_CHECKS) return;
    const timer = setTimeout(
      () => {
        checks.current += 1;
        void check(spaceId, [id]).catch(() => undefined);
      },
      2000 * 2 ** checks.current,
    );
    return () => clearTimeout(timer);
  }, [spaceId, id, after]);
}

const here = () => window.location.origin + base;

/** What to look at when no machine has used the token. */
function NothingCame() {
  return (
    <div>
      <Text fw={550}>{t("Nothing has come yet. Likely causes, and how to tell:")}</Text>
      <List size="sm" spacing="xs" mt="xs">
        <List.Item>
          {t("The command ended with an error: its last line on the machine says which.")}
        </List.Item>
        <List.Item>
          {t(
            "The machine cannot reach this server: a firewall, a proxy, or a name it does not know. On the machine:",
          )}{" "}
          <Code>{`curl -fsS ${here()}/api`}</Code>
        </List.Item>
        <List.Item>
          {t(
            "The address is right for you and wrong for the machine. Open this page by a name the machine knows, too.",
          )}
        </List.Item>
        <List.Item>
          {t("The token was used on another machine, or has expired: make another command.")}
        </List.Item>
        <List.Item>
          {t("Python is missing or too old. On the machine:")} <Code>python3 --version</Code>
        </List.Item>
      </List>
    </div>
  );
}

/** What to look at when a machine has registered and no connection comes about. */
function NotReached({ way, machine }: { way: Way; machine: AnyMachine | undefined }) {
  const port = useQuery(reading("other", "/api/gurita/agent/bootstrap")).data?.AgentPort ?? 10_943;
  const address = machine && "Uri" in machine.Endpoint ? (machine.Endpoint.Uri ?? "") : "";
  const dialled = /^https:\/\/(.+):(\d+)\/?$/.exec(address);
  return (
    <div>
      <Text fw={550}>
        {t("It has registered, but the server has no connection. Likely causes, and how to tell:")}
      </Text>
      <List size="sm" spacing="xs" mt="xs">
        <List.Item>
          {t("The agent does not run. On the machine:")} <Code>systemctl status gurita-agent</Code>{" "}
          {t("or, without a service:")} <Code>~/.local/share/gurita-agent/venv/bin/gurita-agent run</Code>
        </List.Item>
        {way === "agent" && (
          <List.Item>
            {t("A firewall holds the agent's port. On the machine:")}{" "}
            <Code>{`nc -vz ${window.location.hostname} ${port}`}</Code>{" "}
            {t("If only the web address is open, add it by WebSocket.")}
          </List.Item>
        )}
        {way === "websocket" && (
          <List.Item>
            {t("A proxy between them does not pass WebSockets on: it must forward the Upgrade header.")}
          </List.Item>
        )}
        {way === "listening" && (
          <List.Item>
            {t("The server cannot dial the machine. On the server:")}{" "}
            <Code>{`nc -vz ${dialled?.[1] ?? "MACHINE"} ${dialled?.[2] ?? "10933"}`}</Code>
          </List.Item>
        )}
      </List>
    </div>
  );
}
