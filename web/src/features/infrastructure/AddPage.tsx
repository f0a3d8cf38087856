import { Anchor, Stack, Text } from "@mantine/core";
import { Link, useSearch } from "@tanstack/react-router";
import { Page } from "../../parts/Page";
import { useSpaceId } from "../../shell/space";
import { type Message, t } from "../../text";
import { AgentWizard } from "./AgentWizard";
import type { AddSearch, Becomes, Way } from "./adding";
import classes from "./Infrastructure.module.css";
import { infrastructure } from "./reads";
import { SshWizard } from "./SshWizard";

/** Adds a deployment target. */
export const AddTargetPage = () => <AddPage becomes="machines" />;

/** Adds a worker. */
export const AddWorkerPage = () => <AddPage becomes="workers" />;

interface Offer {
  way: Way;
  title: Message;
  about: Message;
}

const OFFERS: readonly Offer[] = [
  {
    way: "agent",
    title: "Agent that dials in",
    about:
      "One command on the machine. It needs no open port: only outgoing TCP to this server. Take this if in doubt.",
  },
  {
    way: "ssh",
    title: "SSH",
    about:
      "Nothing to install: the server signs in to the machine's own SSH server with a key or a password.",
  },
  {
    way: "websocket",
    title: "Agent by WebSocket",
    about: "Like the first, over the address of this web page: for networks that let nothing but HTTPS out.",
  },
  {
    way: "listening",
    title: "Agent that listens",
    about: "The server dials the machine at a port of its own: for machines that may dial nobody.",
  },
];

const TITLES: Record<Way, Message> = {
  agent: "Add an agent that dials in",
  ssh: "Add a machine over SSH",
  websocket: "Add an agent by WebSocket",
  listening: "Add an agent that listens",
};

function AddPage({ becomes }: { becomes: Becomes }) {
  const spaceId = useSpaceId();
  const search = useSearch({ strict: false }) as AddSearch;
  const here = infrastructure(spaceId, `${becomes}/add`);
  const target = becomes === "machines";
  const crumbs = [
    { text: target ? t("Deployment targets") : t("Workers"), to: infrastructure(spaceId, becomes) },
    ...(search.kind ? [{ text: target ? t("Add target") : t("Add worker"), to: here }] : []),
  ];
  if (!search.kind)
    return (
      <Page
        title={target ? t("Add target") : t("Add worker")}
        crumbs={crumbs}
        about={t("How shall this server reach the machine?")}
      >
        <div className={classes.ways}>
          {OFFERS.map(({ way, title, about }) => (
            <Link key={way} to={here} search={{ ...search, kind: way } as never} className={classes.way}>
              <Stack gap={4}>
                <Text fw={600} c="var(--mantine-color-anchor)">
                  {t(title)}
                </Text>
                <Text fz="sm" c="dimmed">
                  {t(about)}
                </Text>
              </Stack>
            </Link>
          ))}
        </div>
      </Page>
    );
  return (
    <Page
      title={t(TITLES[search.kind])}
      crumbs={crumbs}
      about={
        <Anchor component={Link} to={here} search={{ ...search, kind: undefined } as never} fz="sm">
          {t("Choose another way")}
        </Anchor>
      }
    >
      {search.kind === "ssh" ? (
        <SshWizard key={becomes} spaceId={spaceId} becomes={becomes} search={search} />
      ) : (
        <AgentWizard
          key={search.kind}
          spaceId={spaceId}
          becomes={becomes}
          way={search.kind}
          search={search}
        />
      )}
    </Page>
  );
}
