import { Anchor, Badge, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { reading, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Filter } from "../../parts/Filter";
import { ListTable } from "../../parts/ListTable";
import { Page } from "../../parts/Page";
import { StateMark } from "../../parts/StateMark";
import { When } from "../../parts/When";
import { WhyButton } from "../../parts/WhyButton";
import { useMissing } from "../../shell/missing";
import { number, t } from "../../text";
import { InviteDialog } from "./InviteDialog";
import { NewUserDialog } from "./NewUserDialog";
import type { ListSearch } from "./search";

const columns = () => [
  {
    key: "name",
    head: t("Name"),
    cell: (user: Schema["User"]) => (
      <Anchor component={Link} to={`/configuration/users/${user.Id}`} inherit>
        {user.DisplayName || user.Username}
      </Anchor>
    ),
  },
  { key: "username", head: t("User name"), cell: (user: Schema["User"]) => user.Username },
  { key: "mail", head: t("E-mail"), cell: (user: Schema["User"]) => user.EmailAddress },
  {
    key: "kind",
    head: t("Kind"),
    cell: (user: Schema["User"]) => (
      <Group gap={6}>
        {user.IsService ? t("Service account") : t("Person")}
        {user.IsRequestor && (
          <Badge variant="default" size="sm" tt="none">
            {t("You")}
          </Badge>
        )}
      </Group>
    ),
  },
  {
    key: "state",
    head: t("State"),
    cell: (user: Schema["User"]) => (
      <StateMark
        state={user.IsActive === false ? "canceled" : "success"}
        word={user.IsActive === false ? "Disabled" : "Active"}
      />
    ),
  },
  {
    key: "created",
    head: t("Since"),
    short: true,
    cell: (user: Schema["User"]) => <When at={user.Created ?? null} />,
  },
];

/** Everybody who may sign in: people and service accounts. */
export function UsersPage() {
  const users = useSuspenseQuery(reading("other", "/api/users/all")).data;
  const { q = "" } = useSearch({ strict: false }) as ListSearch;
  const navigate = useNavigate();
  const [making, dialog] = useDisclosure(false);
  const [inviting, invitation] = useDisclosure(false);
  const wanted = q.toLowerCase();
  const shown = users.filter((user) =>
    [user.Username, user.DisplayName, user.EmailAddress].some((text) => text?.toLowerCase().includes(wanted)),
  );
  return (
    <Page
      title={t("Users")}
      about={t("People and service accounts. What they may do comes from their teams.")}
      actions={
        <>
          <WhyButton variant="default" onClick={invitation.open} why={useMissing("UserInvite")}>
            {t("Invite")}
          </WhyButton>
          <WhyButton onClick={dialog.open} why={useMissing("UserEdit")}>
            {t("Add a user")}
          </WhyButton>
        </>
      }
    >
      <Group justify="space-between">
        <Filter
          label={t("Name or e-mail")}
          value={q}
          onChange={(text) =>
            void navigate({
              to: "/configuration/users",
              search: { q: text || undefined } as never,
              replace: true,
            })
          }
        />
        <Text fz="sm" c="dimmed" role="status">
          {t("{{n}} of {{all}}", { n: number(shown.length), all: number(users.length) })}
        </Text>
      </Group>
      <ListTable label={t("Users")} items={shown} idOf={(user) => user.Id ?? ""} columns={columns()} />
      <NewUserDialog opened={making} onClose={dialog.close} />
      <InviteDialog opened={inviting} onClose={invitation.close} />
    </Page>
  );
}
