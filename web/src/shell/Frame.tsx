import { ActionIcon, AppShell, Burger, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHelp, IconSearch } from "@tabler/icons-react";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { Suspense, useEffect } from "react";
import { follow } from "../api/live";
import { Loading } from "../parts/Loading";
import { t } from "../text";
import { Banners } from "./Banners";
import classes from "./Frame.module.css";
import { Freshness } from "./Freshness";
import { Keys } from "./Keys";
import { Navigation } from "./Navigation";
import { openOverlay } from "./overlays";
import { SpaceSwitcher } from "./SpaceSwitcher";
import { remember, useSpace } from "./space";
import { ThemeSwitch } from "./ThemeSwitch";
import { UserMenu } from "./UserMenu";

/** The frame around every page of somebody who is signed in. */
export function Frame() {
  const [opened, { toggle, close }] = useDisclosure(false);
  const space = useSpace();
  const at = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the menu of a small screen
  useEffect(close, [at]);
  const spaceId = space?.Id;
  useEffect(() => {
    if (!spaceId) return;
    remember(spaceId);
    return follow(spaceId);
  }, [spaceId]);
  return (
    <AppShell
      header={{ height: "3.25rem" }}
      navbar={{ width: "14.5rem", breakpoint: "sm", collapsed: { mobile: !opened } }}
    >
      <a className="skip-link" href="#page">
        {t("Skip to the page")}
      </a>
      <AppShell.Header bg="var(--surface)">
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("Navigation")} />
          <SpaceSwitcher />
          <Group ms="auto" gap="xs" wrap="nowrap" miw={0}>
            {spaceId && <Freshness />}
            <Overlay which="palette" label={t("Find anything (Ctrl K)")} icon={IconSearch} />
            <Overlay which="help" label={t("Shortcuts and states (?)")} icon={IconHelp} />
            <ThemeSwitch />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar bg="var(--surface)" component="nav" aria-label={t("Main")}>
        <div className={classes.places}>
          <Navigation />
        </div>
      </AppShell.Navbar>
      <AppShell.Main id="page" tabIndex={-1}>
        <Keys />
        <Banners />
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}

function Overlay({
  which,
  label,
  icon: Icon,
}: {
  which: "palette" | "help";
  label: string;
  icon: typeof IconHelp;
}) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={label}
      title={label}
      onClick={() => openOverlay(which)}
    >
      <Icon size="1.2rem" aria-hidden />
    </ActionIcon>
  );
}
