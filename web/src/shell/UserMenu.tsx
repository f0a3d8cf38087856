import { ActionIcon, Menu, Text } from "@mantine/core";
import { IconLogout, IconUser, IconUserCircle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Suspense } from "react";
import { post } from "../api/client";
import { base } from "../api/place";
import { later } from "../parts/later";
import { t } from "../text";
import { useMe } from "./session";

const Languages = later(() => import("./Languages"));

/** Who is signed in, and the way out. */
export function UserMenu() {
  const user = useMe();
  const leave = async () => {
    await post("/api/users/logout");
    window.location.assign(`${base}/app/sign-in?stay=true`);
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          radius="xl"
          aria-label={t("Signed in as {{name}}", { name: user.DisplayName })}
        >
          <IconUserCircle size="1.4rem" aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fw={600} c="var(--mantine-color-text)">
            {user.DisplayName}
          </Text>
          <Text fz="xs">{user.Username}</Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item component={Link} to="/profile" leftSection={<IconUser size="1rem" aria-hidden />}>
          {t("Profile")}
        </Menu.Item>
        <Suspense fallback={null}>
          <Languages />
        </Suspense>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size="1rem" aria-hidden />} onClick={() => void leave()}>
          {t("Sign out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
