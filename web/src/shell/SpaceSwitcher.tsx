import { Box, Button, Menu } from "@mantine/core";
import { IconCheck, IconChevronDown } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { base } from "../api/place";
import { useSuspenseQuery } from "../api/queries";
import { t } from "../text";
import classes from "./SpaceSwitcher.module.css";
import { spaces } from "./session";
import { useSpace } from "./space";

/** Says which space one is in, and goes to another. */
export function SpaceSwitcher() {
  const all = useSuspenseQuery(spaces()).data;
  const space = useSpace();
  const navigate = useNavigate();
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          px="xs"
          flex="none"
          maw="min(24rem, 45vw)"
          c="var(--mantine-color-text)"
          leftSection={<img src={`${base}/app/icon.svg`} alt="" width="24" height="24" />}
          classNames={{ section: classes.section }}
          rightSection={<IconChevronDown size="1rem" aria-hidden />}
          aria-label={
            space ? t("Space {{name}}: choose another", { name: space.Name }) : t("Gurita: choose a space")
          }
        >
          <Box component="span" className={classes.name}>
            {space?.Name ?? "Gurita"}
          </Box>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("Spaces")}</Menu.Label>
        {all.map((each) => (
          <Menu.Item
            key={each.Id}
            onClick={() => void navigate({ to: `/${each.Id}` })}
            rightSection={
              each.Id === space?.Id ? <IconCheck size="1rem" aria-label={t("You are here")} /> : null
            }
          >
            {each.Name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
